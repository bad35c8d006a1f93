package io.circuitstream.circuits.attribution;

import io.circuitstream.circuits.graph.LogitTarget;
import io.circuitstream.circuits.graph.Readout;
import io.circuitstream.circuits.model.LanguageModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** What a graph is computed from. */
public final class LogitTargets {
    private LogitTargets() {}

    /**
     * Given targets in the given order, each once, or the top tokens by probability up to and including the first at which the
     * cumulative probability reaches the option's share. Ties: the lower id first. Tokens weigh as much as they are probable; if
     * any target is no token, all weigh the same.
     *
     * @param logits [V] at the last position
     * @throws NoSuchTargetException if the model has no such target
     */
    static List<LogitTarget> select(float[] logits, AttributionOptions options, LanguageModel model) {
        double[] p = probabilities(logits);
        List<Readout> readouts = options.targets().isEmpty()
                ? Arrays.stream(top(p, options))
                        .<Readout>mapToObj(Readout.Token::new)
                        .toList()
                : options.targets().stream().distinct().toList();
        boolean tokensOnly = readouts.stream().allMatch(Readout.Token.class::isInstance);
        List<LogitTarget> targets = new ArrayList<>();
        for (int i = 0; i < readouts.size(); i++) {
            Readout readout = readouts.get(i);
            if (readout instanceof Readout.Token token) {
                requireToken(token.id(), p.length);
            }
            float weight = tokensOnly ? (float) p[((Readout.Token) readout).id()] : 1f / readouts.size();
            int id = readout instanceof Readout.Token token ? token.id() : p.length + i;
            targets.add(new LogitTarget(id, label(readout, model, p.length), weight, readout));
        }
        return List.copyOf(targets);
    }

    private static String label(Readout readout, LanguageModel model, int vocabulary) {
        if (readout instanceof Readout.Token token) {
            return model.tokens().token(token.id());
        }
        if (readout instanceof Readout.Difference difference) {
            requireToken(difference.plus(), vocabulary);
            requireToken(difference.minus(), vocabulary);
            return model.tokens().token(difference.plus()) + " − "
                    + model.tokens().token(difference.minus());
        }
        if (readout instanceof Readout.Vector vector) {
            int width = model.config().width();
            if (vector.values().length != width) {
                throw new NoSuchTargetException("target vector '" + vector.label() + "' has " + vector.values().length
                        + " values, the model's width is " + width);
            }
            return vector.label();
        }
        Readout.Feature feature = (Readout.Feature) readout;
        return "feature " + feature.layer() + "/" + feature.feature() + "@" + feature.position();
    }

    private static void requireToken(int id, int vocabulary) {
        if (id < 0 || id >= vocabulary) {
            throw new NoSuchTargetException("target token " + id + " is not in the vocabulary of " + vocabulary);
        }
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
