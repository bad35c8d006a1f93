package io.circuitstream.training.languagemodel;

import ai.djl.ndarray.NDScope;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.Example;
import io.circuitstream.training.corpus.PackedBatch;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.corpus.Task;
import io.circuitstream.training.corpus.Vocabulary;
import java.util.ArrayList;
import java.util.List;

/**
 * How many prompts a model answers exactly: every answer token is its most probable one, given the prompt and the answer so
 * far. That is the same as greedy decoding reproducing the answer.
 */
public record AnswerAccuracy(Task task, int prompts, int exact) {
    private static final int ROWS = 48;
    private static final int LENGTH = 48;

    public double fraction() {
        return prompts == 0 ? Double.NaN : exact / (double) prompts;
    }

    /** One line for each task, on at most {@code limit} held-out prompts of each. */
    public static List<AnswerAccuracy> measure(
            LanguageModel model, Corpus corpus, Vocabulary vocabulary, Split split, int limit) {
        List<AnswerAccuracy> lines = new ArrayList<>();
        for (Task task : Task.values()) {
            List<Example> examples = corpus.heldOut(task, split, limit);
            int exact = 0;
            for (PackedBatch batch : PackedBatch.of(examples, vocabulary, ROWS, LENGTH)) {
                exact += exact(batch, predictions(model, batch));
            }
            lines.add(new AnswerAccuracy(task, examples.size(), exact));
        }
        return lines;
    }

    /** All tasks together, each prompt counting once. */
    public static double overall(List<AnswerAccuracy> lines) {
        return lines.stream().mapToInt(AnswerAccuracy::exact).sum()
                / (double) lines.stream().mapToInt(AnswerAccuracy::prompts).sum();
    }

    /** Whether the model answers this one prompt exactly. */
    public static boolean isExact(LanguageModel model, Vocabulary vocabulary, Example example) {
        PackedBatch batch =
                PackedBatch.of(List.of(example), vocabulary, 1, LENGTH).get(0);
        return exact(batch, predictions(model, batch)) == 1;
    }

    /** The most probable next token at every position, {@code [rows · length]}. */
    public static long[] predictions(LanguageModel model, PackedBatch batch) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return model.logits(batch).argMax(-1).toLongArray();
        }
    }

    private static int exact(PackedBatch batch, long[] predicted) {
        int exact = 0;
        boolean right = false;
        for (int i = 0; i < batch.size(); i++) {
            if (batch.isBegin(i)) {
                right = true;
            }
            if (batch.isAnswer(i)) {
                right &= predicted[i] == batch.targets()[i];
            }
            if (right && batch.isLast(i)) {
                exact++;
            }
        }
        return exact;
    }
}
