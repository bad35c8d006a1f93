package io.circuitstream.training.corpus;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** Packs examples into batches; what did not fit opens the next batch, so every example drawn is used. Not thread-safe. */
public final class Packer {
    private final Vocabulary vocabulary;
    private final int rows;
    private final int length;
    private final Deque<Example> waiting = new ArrayDeque<>();

    public Packer(Vocabulary vocabulary, int rows, int length) {
        this.vocabulary = vocabulary;
        this.rows = rows;
        this.length = length;
    }

    /** A batch of training examples. */
    public PackedBatch next(Corpus corpus, Random random) {
        PackedBatch batch = new PackedBatch(rows, length);
        Deque<Example> left = new ArrayDeque<>();
        while (!waiting.isEmpty()) {
            Example example = waiting.removeFirst();
            if (!add(batch, example)) {
                left.add(example);
            }
        }
        waiting.addAll(left);
        int refused = 0;
        while (refused < rows / 4 + 1) {
            Example example = corpus.drawTraining(random);
            if (!add(batch, example)) {
                waiting.add(example);
                refused++;
            }
        }
        return batch;
    }

    /** Examples that were drawn and did not fit yet, in the order in which they will be tried. */
    public List<Example> waiting() {
        return List.copyOf(waiting);
    }

    /** Goes on with the examples that another packer kept waiting. */
    public void restore(List<Example> examples) {
        waiting.clear();
        waiting.addAll(examples);
    }

    List<PackedBatch> pack(List<Example> examples) {
        List<PackedBatch> batches = new ArrayList<>();
        Deque<Example> left = new ArrayDeque<>(examples);
        while (!left.isEmpty()) {
            PackedBatch batch = new PackedBatch(rows, length);
            while (!left.isEmpty() && add(batch, left.getFirst())) {
                left.removeFirst();
            }
            if (batch.textTokens() == 0) {
                throw new IllegalArgumentException(
                        "an example of " + left.getFirst().task().id() + " is longer than a row of " + length
                                + " tokens: " + left.getFirst().prompt());
            }
            batches.add(batch);
        }
        return batches;
    }

    private boolean add(PackedBatch batch, Example example) {
        return batch.add(vocabulary.encode(example.prompt()), vocabulary.encode(example.answer()));
    }
}
