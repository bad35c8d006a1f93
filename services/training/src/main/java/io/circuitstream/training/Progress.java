package io.circuitstream.training;

import java.util.Locale;

/**
 * Where a training run stands.
 *
 * @param loss mean over the steps since the last report
 * @param detail further figures of this stage, such as the sparsity; may be empty
 * @param tokens trained on so far; 0 when unknown
 * @param learningRate of the last step; 0 when unknown
 */
public record Progress(
        String stage,
        int step,
        int steps,
        double loss,
        double tokensPerSecond,
        double secondsLeft,
        String detail,
        long tokens,
        double learningRate,
        SparsityFigures sparsity) {

    public Progress(
            String stage, int step, int steps, double loss, double tokensPerSecond, double secondsLeft, String detail) {
        this(stage, step, steps, loss, tokensPerSecond, secondsLeft, detail, 0, 0, SparsityFigures.NONE);
    }

    /** Measures rates from {@code startNanos}, a value of {@link System#nanoTime()}. */
    public static Progress since(
            long startNanos, String stage, int step, int steps, long tokens, double loss, String detail) {
        double seconds = Math.max(1e-9, (System.nanoTime() - startNanos) / 1e9);
        double left = step == 0 ? Double.NaN : seconds / step * (steps - step);
        return new Progress(stage, step, steps, loss, tokens / seconds, left, detail, tokens, 0, SparsityFigures.NONE);
    }

    public Progress detailed(String figures) {
        return new Progress(
                stage, step, steps, loss, tokensPerSecond, secondsLeft, figures, tokens, learningRate, sparsity);
    }

    public Progress withLearningRate(double rate) {
        return new Progress(stage, step, steps, loss, tokensPerSecond, secondsLeft, detail, tokens, rate, sparsity);
    }

    public Progress withSparsity(SparsityFigures figures) {
        return new Progress(
                stage, step, steps, loss, tokensPerSecond, secondsLeft, detail, tokens, learningRate, figures);
    }

    /** Of work that has no loss. */
    public static Progress of(String stage, int step, int steps, double secondsLeft) {
        return new Progress(stage, step, steps, 0, 0, secondsLeft, "");
    }

    /** The same under another name. */
    public Progress named(String other) {
        return new Progress(
                other, step, steps, loss, tokensPerSecond, secondsLeft, detail, tokens, learningRate, sparsity);
    }

    /** One line for people; the time left is minutes and seconds. Loss and rate only of what has them. */
    @Override
    public String toString() {
        String work = tokensPerSecond == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%s  %.0f tokens/s",
                        loss == 0 ? "" : String.format(Locale.ROOT, "  loss %.4f", loss),
                        tokensPerSecond);
        return String.format(
                Locale.ROOT,
                "%s %d/%d%s  %s left%s",
                stage,
                step,
                steps,
                work,
                clock(secondsLeft),
                detail.isEmpty() ? "" : "  " + detail);
    }

    private static String clock(double seconds) {
        if (!Double.isFinite(seconds)) {
            return "?:??";
        }
        long whole = Math.round(seconds);
        return String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
    }
}
