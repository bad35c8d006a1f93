package io.circuitstream.training;

import io.circuitstream.training.checkpoint.Content;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Counts steps, tokens, seconds and losses of a run over all the processes it took. Rates and the time left are those of this
 * process: the one before may have had a busier machine.
 */
public final class TrainingMeter {
    private static final String LOSS = "meter.loss";
    private static final String SECONDS = "meter.seconds";
    private static final String TOKENS = "meter.tokens";
    private static final String CURVE_STEPS = "meter.curve.steps";
    private static final String CURVE_LOSSES = "meter.curve.losses";

    private final long start = System.nanoTime();
    private final String stage;
    private final int steps;
    private final int reportEvery;
    private final List<TrainingRun.Point> curve = new ArrayList<>();
    private int step;
    private long tokens;
    private double loss;
    private int stepBefore;
    private long tokensBefore;
    private double secondsBefore;

    /** @param reportEvery steps between two reports; the last step is reported too */
    public TrainingMeter(String stage, int steps, int reportEvery) {
        this.stage = stage;
        this.steps = steps;
        this.reportEvery = reportEvery;
    }

    /** Updates made. */
    public int step() {
        return step;
    }

    /** Counts a step; yields a report when one is due. */
    public Optional<Progress> add(double stepLoss, int stepTokens) {
        step++;
        tokens += stepTokens;
        loss += stepLoss;
        if (step % reportEvery != 0 && step != steps) {
            return Optional.empty();
        }
        int reported = curve.isEmpty() ? 0 : curve.get(curve.size() - 1).step();
        double mean = loss / (step - reported);
        curve.add(new TrainingRun.Point(step, mean));
        loss = 0;
        double seconds = Math.max(1e-9, seconds());
        double left = seconds / (step - stepBefore) * (steps - step);
        double rate = (tokens - tokensBefore) / seconds;
        return Optional.of(new Progress(stage, step, steps, mean, rate, left, "", tokens, 0, SparsityFigures.NONE));
    }

    private double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    public void save(Content content) {
        content.putDoubles(LOSS, loss);
        content.putDoubles(SECONDS, secondsBefore + seconds());
        content.putLong(TOKENS, tokens);
        content.putInts(
                CURVE_STEPS, curve.stream().mapToInt(TrainingRun.Point::step).toArray());
        content.putDoubles(
                CURVE_LOSSES,
                curve.stream().mapToDouble(TrainingRun.Point::loss).toArray());
    }

    public void restore(Content content) {
        step = content.step();
        stepBefore = step;
        loss = content.doubles(LOSS)[0];
        secondsBefore = content.doubles(SECONDS)[0];
        tokens = content.longValue(TOKENS);
        tokensBefore = tokens;
        int[] curveSteps = content.ints(CURVE_STEPS);
        double[] losses = content.doubles(CURVE_LOSSES);
        for (int i = 0; i < losses.length; i++) {
            curve.add(new TrainingRun.Point(curveSteps[i], losses[i]));
        }
    }

    public TrainingRun finish() {
        return new TrainingRun(steps, secondsBefore + seconds(), tokens, List.copyOf(curve));
    }
}
