package io.circuitstream.training.demo;

import io.circuitstream.training.TrainingRun;
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

    static TrainingRecord of(long seed, TrainingRun run) {
        return new TrainingRecord(seed, run.steps(), (long) run.seconds(), stretches(run.losses()));
    }

    private static List<Point> stretches(List<TrainingRun.Point> reports) {
        List<Point> points = new ArrayList<>();
        int stretch = Math.max(1, reports.size() / POINTS);
        for (int end = stretch; end <= reports.size(); end += stretch) {
            double mean = reports.subList(end - stretch, end).stream()
                    .mapToDouble(TrainingRun.Point::loss)
                    .average()
                    .orElse(Double.NaN);
            points.add(new Point(reports.get(end - 1).step(), Math.round(mean * 1e5) / 1e5));
        }
        return points;
    }
}
