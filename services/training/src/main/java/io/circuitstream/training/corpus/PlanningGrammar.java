package io.circuitstream.training.corpus;

import static io.circuitstream.training.corpus.Grammar.pick;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Couplets: the second line must end on a word that rhymes with the end of the first. Which of the three candidates it
 * is follows from the second line's verb and adjective, whose meaning differs from one rhyme to the next; so the verb can
 * only be written by someone who has the rhyme word in mind. Which words sound alike is always trained on; pairs are held
 * out.
 */
final class PlanningGrammar implements Grammar {
    private static final int WORDS_PER_RHYME = 4;
    private static final long ASSIGNMENT_SEED = 7;

    private final WordLists words;
    private final List<List<String>> rhymes;
    private final List<List<Integer>> verbOf = new ArrayList<>();
    private final List<List<Integer>> adjectiveOf = new ArrayList<>();

    PlanningGrammar(WordLists words) {
        this.words = words;
        this.rhymes = WordLists.columns(words.rhymes());
        Random random = new Random(ASSIGNMENT_SEED);
        for (int rhyme = 0; rhyme < rhymes.size(); rhyme++) {
            verbOf.add(assignment(rhyme % WORDS_PER_RHYME, random));
            adjectiveOf.add(assignment((rhyme / WORDS_PER_RHYME + rhyme) % WORDS_PER_RHYME, random));
        }
    }

    @Override
    public Example draw(Random random) {
        int rhyme = random.nextInt(rhymes.size());
        int first = random.nextInt(WORDS_PER_RHYME);
        if (random.nextInt(5) == 0) {
            String word = rhymes.get(rhyme).get(first);
            return Example.supporting(
                    Task.PLANNING,
                    "sound : " + word + " is like",
                    rhymes.get(rhyme).get(0));
        }
        int second = (first + 1 + random.nextInt(WORDS_PER_RHYME - 1)) % WORDS_PER_RHYME;
        String heard = rhymes.get(rhyme).get(first);
        String planned = rhymes.get(rhyme).get(second);
        String prompt = "poem : a %s %s the %s / %s %s a %s"
                .formatted(
                        pick(words.poemSubjects(), random),
                        pick(words.poemOpeners(), random),
                        heard,
                        pick(words.poemConnectives(), random),
                        words.poemVerbs().get(verbOf.get(rhyme).get(second)),
                        words.poemAdjectives().get(adjectiveOf.get(rhyme).get(second)));
        return Example.keyed(Task.PLANNING, heard + "/" + planned, prompt, planned);
    }

    /** For each word of a rhyme a distinct entry of a list of 16, all congruent to {@code offset} modulo 4. */
    private static List<Integer> assignment(int offset, Random random) {
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3));
        Collections.shuffle(order, random);
        return order.stream().map(slot -> WORDS_PER_RHYME * slot + offset).toList();
    }
}
