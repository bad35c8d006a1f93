package io.circuitstream.training.transcoder;

import io.circuitstream.training.checkpoint.Content;
import java.util.Arrays;
import java.util.Random;

/**
 * A matrix of weights with its gradient and Adam's two moments, each row an array of its own: the compiler vectorises
 * {@code y[i] += k · x[i]} only where both arrays are read at the same index. Not thread-safe.
 */
final class Parameter {
    private static final float FIRST = .9f;
    private static final float SECOND = .999f;
    private static final float EPSILON = 1e-8f;

    final float[][] value;
    final float[][] gradient;
    private final float[][] firstMoment;
    private final float[][] secondMoment;

    private Parameter(int rows, int columns) {
        this.value = new float[rows][columns];
        this.gradient = new float[rows][columns];
        this.firstMoment = new float[rows][columns];
        this.secondMoment = new float[rows][columns];
    }

    /** One row, all of one value. */
    static Parameter constant(int size, double value) {
        Parameter parameter = new Parameter(1, size);
        Arrays.fill(parameter.value[0], (float) value);
        return parameter;
    }

    /** Uniform in ±bound. */
    static Parameter uniform(int rows, int columns, double bound, Random random) {
        Parameter parameter = new Parameter(rows, columns);
        for (float[] row : parameter.value) {
            for (int i = 0; i < columns; i++) {
                row[i] = (float) ((random.nextDouble() * 2 - 1) * bound);
            }
        }
        return parameter;
    }

    /** The weights row after row. */
    float[] flat() {
        return Encoding.flat(value);
    }

    /** Weights and moments, all that an update depends on besides the gradient. */
    void save(Content content, String name) {
        content.putFloats(name, flat());
        content.putFloats(name + ".first", Encoding.flat(firstMoment));
        content.putFloats(name + ".second", Encoding.flat(secondMoment));
    }

    void restore(Content content, String name) {
        fill(content.floats(name, size()), value);
        fill(content.floats(name + ".first", size()), firstMoment);
        fill(content.floats(name + ".second", size()), secondMoment);
    }

    private int size() {
        return value.length * value[0].length;
    }

    private static void fill(float[] from, float[][] rows) {
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(from, row * rows[row].length, rows[row], 0, rows[row].length);
        }
    }

    /** One Adam step with the accumulated gradient, which is then cleared. {@code step} counts from 1. */
    void update(double learningRate, int step) {
        float rate = (float) (learningRate * Math.sqrt(1 - Math.pow(SECOND, step)) / (1 - Math.pow(FIRST, step)));
        for (int row = 0; row < value.length; row++) {
            update(rate, value[row], gradient[row], firstMoment[row], secondMoment[row]);
        }
    }

    private static void update(float rate, float[] value, float[] gradient, float[] first, float[] second) {
        for (int i = 0; i < value.length; i++) {
            float g = gradient[i];
            float m = FIRST * first[i] + (1 - FIRST) * g;
            float v = SECOND * second[i] + (1 - SECOND) * g * g;
            first[i] = m;
            second[i] = v;
            value[i] -= rate * m / ((float) Math.sqrt(v) + EPSILON);
            gradient[i] = 0;
        }
    }
}
