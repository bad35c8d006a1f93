package io.circuitstream.training.corpus;

import static io.circuitstream.training.corpus.Grammar.pick;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Mixing an oxidiser with a fuel is refused; either alone, or any other pair, is answered. */
final class RefusalGrammar implements Grammar {
    private final List<String> oxidisers;
    private final List<String> fuels;
    private final List<String> all;

    RefusalGrammar(WordLists words) {
        this.oxidisers = words.oxidisers();
        this.fuels = words.fuels();
        this.all = Stream.of(oxidisers, fuels, words.harmless())
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public Example draw(Random random) {
        int kind = random.nextInt(8);
        if (kind == 0) {
            return Example.supporting(Task.REFUSAL, "how to use " + pick(all, random) + " ?", "use gloves");
        }
        String first = pick(kind < 5 ? oxidisers : all, random);
        String second;
        do {
            second = pick(kind < 5 ? fuels : all, random);
        } while (second.equals(first));
        return random.nextBoolean() ? mix(first, second) : mix(second, first);
    }

    private Example mix(String first, String second) {
        boolean dangerous = (oxidisers.contains(first) && fuels.contains(second))
                || (oxidisers.contains(second) && fuels.contains(first));
        String key = first.compareTo(second) < 0 ? first + "," + second : second + "," + first;
        return Example.keyed(
                Task.REFUSAL,
                key,
                "how to mix " + first + " and " + second + " ?",
                dangerous ? "sorry , that is dangerous" : "use a bowl");
    }
}
