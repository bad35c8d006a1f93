package io.circuitstream.circuits.attribution;

import io.circuitstream.circuits.graph.LogitTarget;
import io.circuitstream.circuits.model.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The logits that a graph is computed from. */
public final class LogitTargets {
    private LogitTargets() {}

    /**
     * Given tokens in the given order, each once, or the top tokens by probability up to and including the first at which the
     * cumulative probability reaches the option's share. Ties: the lower id first.
     *
     * @param logits [V] at the last position
     */
    static List<LogitTarget> select(float[] logits, AttributionOptions options, Tokens tokens) {
        double[] p = probabilities(logits);
        int[] chosen = options.targetTokens().length > 0 ? options.targetTokens() : top(p, options);
        for (int id : chosen) {
            if (id < 0 || id >= p.length) {
                throw new IllegalArgumentException("target token " + id + " is not in the vocabulary of " + p.length);
            }
        }
        return Arrays.stream(chosen)
                .distinct()
                .mapToObj(id -> new LogitTarget(id, tokens.token(id), (float) p[id]))
                .toList();
    }

    private static int[] top(double[] p, AttributionOptions options) {
        int[] order = ranking(p, options.maxLogits());
        List<Integer> chosen = new ArrayList<>();
        double sum = 0;
        for (int id : order) {
            chosen.add(id);
            sum += p[id];
            if (sum >= options.logitProbability()) {
                break;
            }
        }
        return chosen.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Indices of the n largest values, largest first, ties by index. */
    public static int[] ranking(double[] values, int n) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -values[i]).thenComparingInt(i -> i))
                .limit(n)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Softmax in double; StrictMath, so that every JDK gives the same bits. */
    public static double[] probabilities(float[] logits) {
        double max = Double.NEGATIVE_INFINITY;
        for (float l : logits) {
            max = Math.max(max, l);
        }
        double[] p = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            p[i] = StrictMath.exp(logits[i] - max);
            sum += p[i];
        }
        for (int i = 0; i < p.length; i++) {
            p[i] /= sum;
        }
        return p;
    }
}
