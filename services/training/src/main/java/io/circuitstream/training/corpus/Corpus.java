package io.circuitstream.training.corpus;

import io.circuitstream.circuits.files.ContentHash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Draws examples of the ten tasks and of copying. What is drawn depends only on the random source; which split an example
 * belongs to depends only on its key, so the three splits never share one. Thread-safe.
 */
public final class Corpus {
    private static final int DRAWS_FOR_A_GIVEN_PROMPT = 3_000_000;
    private static final int DRAWS_PER_HELD_OUT_EXAMPLE = 400;

    private static final int DRAWS_FOR_THE_VERSION = 10_000;
    private static final int VERSION_BYTES = 8;

    private final Map<Task, Grammar> grammars = new EnumMap<>(Task.class);
    private final SplitRule splits;

    private Corpus(WordLists words) {
        this.splits = new SplitRule(Set.copyOf(words.testKeys()));
        for (Task task : Task.values()) {
            grammars.put(task, grammar(task, words));
        }
    }

    public static Corpus load() {
        return new Corpus(WordLists.load());
    }

    /**
     * Changes with word lists, grammars, shares and splits: a digest of many training examples. A change that shows in none of
     * them is not noticed.
     */
    public String version() {
        Random random = new Random(0);
        MessageDigest digest = ContentHash.sha256();
        for (int i = 0; i < DRAWS_FOR_THE_VERSION; i++) {
            digest.update(drawTraining(random).toString().getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest(), 0, VERSION_BYTES);
    }

    /** A training example; the task is drawn by the shares. */
    public Example drawTraining(Random random) {
        double left = random.nextDouble();
        for (Task task : Task.values()) {
            left -= task.share();
            if (left < 0) {
                return draw(task, Split.TRAIN, random);
            }
        }
        return draw(Task.COPYING, Split.TRAIN, random);
    }

    public Example draw(Task task, Split split, Random random) {
        Grammar grammar = grammar(task);
        Example example;
        do {
            example = grammar.draw(random);
        } while (splits.of(example) != split);
        return example;
    }

    /** At most {@code limit} different held-out examples, always the same ones; fewer where the task has fewer. */
    public List<Example> heldOut(Task task, Split split, int limit) {
        if (split == Split.TRAIN) {
            throw new IllegalArgumentException("the training split is not held out");
        }
        Random random = new Random(task.id().hashCode());
        Set<Example> found = new LinkedHashSet<>();
        for (int i = 0; i < limit * DRAWS_PER_HELD_OUT_EXAMPLE && found.size() < limit; i++) {
            Example example = grammar(task).draw(random);
            if (splits.of(example) == split) {
                found.add(example);
            }
        }
        return new ArrayList<>(found);
    }

    /** The test example with exactly this wording, found by drawing: only the grammar knows its key. */
    public Example testExample(Task task, String prompt, String answer) {
        Random random = new Random(task.id().hashCode());
        for (int i = 0; i < DRAWS_FOR_A_GIVEN_PROMPT; i++) {
            Example example = draw(task, Split.TEST, random);
            if (example.prompt().equals(prompt) && example.answer().equals(answer)) {
                return example;
            }
        }
        throw new IllegalArgumentException("'" + prompt + " " + answer + "' is not in the test split of " + task.id());
    }

    Split splitOf(Example example) {
        return splits.of(example);
    }

    private Grammar grammar(Task task) {
        Grammar grammar = grammars.get(task);
        if (grammar == null) {
            throw new IllegalStateException("no grammar for " + task);
        }
        return grammar;
    }

    private static Grammar grammar(Task task, WordLists words) {
        return switch (task) {
            case TWO_HOP -> new TwoHopGrammar(words);
            case PLANNING -> new PlanningGrammar(words);
            case ANTONYMS -> new AntonymGrammar(words);
            case ADDITION -> new AdditionGrammar();
            case DIAGNOSIS -> new DiagnosisGrammar(words);
            case ENTITIES -> new EntityGrammar(words);
            case REFUSAL -> new RefusalGrammar(words);
            case SPELLED_KEY -> new SpelledKeyGrammar(words);
            case CHAIN_OF_THOUGHT -> new ChainOfThoughtGrammar();
            case HIDDEN_GOAL -> new HiddenGoalGrammar(words);
            case COPYING -> new CopyingGrammar(words);
        };
    }
}
