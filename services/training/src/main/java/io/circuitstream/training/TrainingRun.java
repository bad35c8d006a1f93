package io.circuitstream.training;

import java.util.List;

/**
 * How a run went, over all the processes it took.
 *
 * @param seconds without what was lost between the last checkpoint and an interruption
 * @param tokens seen, without padding
 * @param losses one point for each report
 */
public record TrainingRun(int steps, double seconds, long tokens, List<Point> losses) {

    /** Mean loss over the steps since the point before. */
    public record Point(int step, double loss) {}

    public double tokensPerSecond() {
        return tokens / seconds;
    }
}
