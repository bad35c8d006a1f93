package io.circuitstream.circuits.truth;

import java.util.Arrays;

/** How well scores rank what is true above what is not. */
final class Auroc {
    private Auroc() {}

    /** The share of pairs of a true and a false one in which the true one scores more, ties half. */
    static double of(double[] scores, boolean[] truth) {
        double[] no = select(scores, truth, false);
        double[] yes = select(scores, truth, true);
        if (no.length == 0 || yes.length == 0) {
            throw new IllegalArgumentException(yes.length + " true and " + no.length + " false: nothing to rank");
        }
        double above = 0;
        for (double score : yes) {
            for (double other : no) {
                above += score > other ? 1 : score == other ? .5 : 0;
            }
        }
        return above / yes.length / no.length;
    }

    private static double[] select(double[] scores, boolean[] truth, boolean which) {
        double[] selected = new double[scores.length];
        int n = 0;
        for (int i = 0; i < scores.length; i++) {
            if (truth[i] == which) {
                selected[n++] = scores[i];
            }
        }
        return Arrays.copyOf(selected, n);
    }
}
