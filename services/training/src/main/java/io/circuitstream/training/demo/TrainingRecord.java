package io.circuitstream.training.demo;

import io.circuitstream.training.Progress;
import java.util.ArrayList;
import java.util.List;

/**
 * How a training run went, for the cards.
 *
 * @param losses mean loss of about 20 equal stretches of the run
 */
record TrainingRecord(long seed, int steps, long seconds, List<Point> losses) {
    private static final int POINTS = 20;

    record Point(int step, double loss) {}

    /** Collects the reports of a run from its start on. Not thread-safe. */
    static final class Recorder {
        private final long start = System.nanoTime();
        private final List<Progress> reports = new ArrayList<>();

        void add(Progress progress) {
            reports.add(progress);
        }

        TrainingRecord finish(long seed, int steps) {
            List<Point> points = new ArrayList<>();
            int stretch = Math.max(1, reports.size() / POINTS);
            for (int end = stretch; end <= reports.size(); end += stretch) {
                double mean = reports.subList(end - stretch, end).stream()
                        .mapToDouble(Progress::loss)
                        .average()
                        .orElse(Double.NaN);
                points.add(new Point(reports.get(end - 1).step(), Math.round(mean * 1e5) / 1e5));
            }
            return new TrainingRecord(seed, steps, (System.nanoTime() - start) / 1_000_000_000L, points);
        }
    }
}
