package io.circuitstream.training.corpus;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** Packs lines into batches; what did not fit opens the next batch, so every line drawn is used. Not thread-safe. */
public final class Packer {
    private final int rows;
    private final int length;
    private final Deque<Line> waiting = new ArrayDeque<>();

    public Packer(int rows, int length) {
        this.rows = rows;
        this.length = length;
    }

    /**
     * The next batch.
     *
     * @throws IllegalArgumentException if a line is longer than a row: it would wait for ever
     */
    public PackedBatch next(LineSource lines, Random random) {
        PackedBatch batch = new PackedBatch(rows, length);
        Deque<Line> left = new ArrayDeque<>();
        while (!waiting.isEmpty()) {
            Line line = waiting.removeFirst();
            if (!batch.add(line)) {
                left.add(line);
            }
        }
        waiting.addAll(left);
        int refused = 0;
        while (refused < rows / 4 + 1) {
            Line line = lines.draw(random);
            if (line.positions() > length) {
                throw new IllegalArgumentException(
                        "a line of " + line.tokens() + " tokens is longer than a row of " + length);
            }
            if (!batch.add(line)) {
                waiting.add(line);
                refused++;
            }
        }
        return batch;
    }

    /** Lines that were drawn and did not fit yet, in the order in which they will be tried. */
    public List<Line> waiting() {
        return List.copyOf(waiting);
    }

    /** Goes on with the lines that another packer kept waiting. */
    public void restore(List<Line> lines) {
        waiting.clear();
        waiting.addAll(lines);
    }
}
