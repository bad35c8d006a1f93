package io.circuitstream.circuits.truth;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random orthonormal directions of the stream, one a variable, all without a mean, so that LayerNorm's centring does
 * nothing to them.
 */
final class Basis {
    private final int width;
    private final Map<String, double[]> directions = new HashMap<>();

    Basis(Collection<String> variables, int width, Random random) {
        this.width = width;
        double[] ones = new double[width];
        java.util.Arrays.fill(ones, 1 / Math.sqrt(width));
        List<double[]> taken = new ArrayList<>(List.of(ones));
        for (String variable : variables) {
            double[] v = random.doubles(width, -1, 1).toArray();
            for (int pass = 0; pass < 2; pass++) {
                taken.forEach(u -> add(v, -dot(u, v), u));
            }
            double norm = Math.sqrt(dot(v, v));
            for (int j = 0; j < width; j++) {
                v[j] /= norm;
            }
            taken.add(v);
            directions.put(variable, v);
        }
    }

    int width() {
        return width;
    }

    /** Σ weight·direction, [d]. */
    double[] vector(Map<String, Double> weights) {
        double[] sum = new double[width];
        weights.forEach((variable, weight) -> add(sum, weight, directions.get(variable)));
        return sum;
    }

    /** The sum of the variables' directions. */
    double[] vector(Collection<String> variables) {
        double[] sum = new double[width];
        variables.forEach(variable -> add(sum, 1, directions.get(variable)));
        return sum;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }

    private static void add(double[] to, double scale, double[] v) {
        for (int j = 0; j < to.length; j++) {
            to[j] += scale * v[j];
        }
    }
}
