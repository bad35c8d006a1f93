package io.circuitstream.training.corpus;

import static io.circuitstream.training.corpus.Grammar.pick;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Indirect objects (the name that was not repeated) and induction (repeat a list of words). */
final class CopyingGrammar implements Grammar {
    private static final int NAMES = 24;

    private final List<String> names;
    private final WordLists words;
    private final List<String> copied;

    CopyingGrammar(WordLists words) {
        this.words = words;
        this.names = WordLists.columns(words.athletes()).stream()
                .map(row -> row.get(0))
                .distinct()
                .sorted()
                .limit(NAMES)
                .toList();
        this.copied = WordLists.columns(words.letterWords()).stream()
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public Example draw(Random random) {
        return random.nextBoolean() ? indirectObject(random) : repetition(random);
    }

    private Example indirectObject(Random random) {
        String first = pick(names, random);
        String second;
        do {
            second = pick(names, random);
        } while (second.equals(first));
        boolean swapped = random.nextBoolean();
        String prompt = "when %s and %s went to the %s , %s gave a %s to"
                .formatted(
                        first,
                        second,
                        pick(words.places(), random),
                        swapped ? first : second,
                        pick(words.presents(), random));
        return Example.keyed(Task.COPYING, first + "," + second, prompt, swapped ? second : first);
    }

    private Example repetition(Random random) {
        String list = IntStream.range(0, 3 + random.nextInt(3))
                .mapToObj(i -> pick(copied, random))
                .collect(Collectors.joining(" "));
        return Example.keyed(Task.COPYING, list, "repeat " + list + " ;", list);
    }
}
