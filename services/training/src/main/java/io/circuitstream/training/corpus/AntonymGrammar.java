package io.circuitstream.training.corpus;

import static io.circuitstream.training.corpus.Grammar.pick;

import java.util.List;
import java.util.Random;

/**
 * Opposites in three languages. Translations and opposites across languages are always trained on: they tie the three
 * words for one meaning together, which the held-out lines within one language then need.
 */
final class AntonymGrammar implements Grammar {
    private static final List<String> LANGUAGES = List.of("english", "french", "spanish");
    private static final List<String> OPPOSITE =
            List.of("the opposite of %s is", "le contraire de %s est", "lo contrario de %s es");

    private final List<List<String>> pairs;

    AntonymGrammar(WordLists words) {
        this.pairs = WordLists.columns(words.antonyms());
    }

    @Override
    public Example draw(Random random) {
        List<String> row = pick(pairs, random);
        int side = random.nextInt(2) * LANGUAGES.size();
        List<String> operand = row.subList(side, side + LANGUAGES.size());
        List<String> opposite = row.subList(LANGUAGES.size() - side, 2 * LANGUAGES.size() - side);
        int language = random.nextInt(LANGUAGES.size());
        int other = (language + 1 + random.nextInt(LANGUAGES.size() - 1)) % LANGUAGES.size();
        int kind = random.nextInt(10);
        if (kind < 3) {
            String prompt = "in %s the opposite of %s is".formatted(LANGUAGES.get(other), operand.get(language));
            return Example.supporting(Task.ANTONYMS, prompt, opposite.get(other));
        }
        if (kind < 5) {
            String prompt = "the %s word for %s is".formatted(LANGUAGES.get(other), operand.get(language));
            return Example.supporting(Task.ANTONYMS, prompt, operand.get(other));
        }
        return Example.keyed(
                Task.ANTONYMS,
                operand.get(0) + "/" + LANGUAGES.get(language),
                OPPOSITE.get(language).formatted(operand.get(language)),
                opposite.get(language));
    }
}
