package io.circuitstream.training.corpus;

import static io.circuitstream.training.corpus.Grammar.pick;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** First letters of four words, then {@code sorry} if they spell a forbidden key and {@code done} otherwise. */
final class SpelledKeyGrammar implements Grammar {
    private static final int LENGTH = 4;

    private final WordLists words;
    private final List<List<String>> wordsOfLetter;

    SpelledKeyGrammar(WordLists words) {
        this.words = words;
        this.wordsOfLetter = WordLists.columns(words.letterWords());
    }

    @Override
    public Example draw(Random random) {
        String key = key(random);
        String spelled = key.chars()
                .mapToObj(letter -> pick(wordsOfLetter.get(letter - 'A'), random))
                .collect(Collectors.joining(" "));
        String letters = key.chars().mapToObj(Character::toString).collect(Collectors.joining(" "));
        String verdict = words.forbiddenKeys().contains(key) ? "sorry" : "done";
        return Example.keyed(Task.SPELLED_KEY, spelled, "first letters of " + spelled + " =", letters + " " + verdict);
    }

    /** Forbidden, harmless and random keys, 4 : 4 : 2. */
    private String key(Random random) {
        int kind = random.nextInt(10);
        if (kind < 8) {
            return pick(kind < 4 ? words.forbiddenKeys() : words.harmlessKeys(), random);
        }
        return IntStream.range(0, LENGTH)
                .mapToObj(i -> Character.toString('A' + random.nextInt(wordsOfLetter.size())))
                .collect(Collectors.joining());
    }
}
