package io.circuitstream.circuits.intervention;

/** Kullback–Leibler divergence of two distributions over the vocabulary, in nats. */
public final class Divergence {
    private Divergence() {}

    /** KL(softmax from ‖ softmax to), never below 0. */
    public static double of(float[] from, float[] to) {
        double[] p = logarithms(from);
        double[] q = logarithms(to);
        double sum = 0;
        for (int v = 0; v < p.length; v++) {
            sum += Math.exp(p[v]) * (p[v] - q[v]);
        }
        return Math.max(0, sum);
    }

    private static double[] logarithms(float[] logits) {
        double most = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            most = Math.max(most, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - most);
        }
        double[] logarithms = new double[logits.length];
        for (int v = 0; v < logits.length; v++) {
            logarithms[v] = logits[v] - most - Math.log(sum);
        }
        return logarithms;
    }
}
