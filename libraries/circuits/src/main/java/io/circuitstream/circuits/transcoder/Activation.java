package io.circuitstream.circuits.transcoder;

import java.util.Arrays;

/** From pre-activations to activations, z where a feature is active and 0 elsewhere. */
sealed interface Activation {

    /** a [n,F] of z [n,F], F = {@code features}. */
    float[] of(float[] z, int features);

    /** z·[z > 0]. */
    record Relu() implements Activation {
        @Override
        public float[] of(float[] z, int features) {
            float[] a = new float[z.length];
            for (int i = 0; i < z.length; i++) {
                a[i] = z[i] > 0 ? z[i] : 0;
            }
            return a;
        }
    }

    /**
     * z·[z > θ], strictly.
     *
     * @param threshold θ [F]
     */
    record JumpRelu(float[] threshold) implements Activation {
        @Override
        public float[] of(float[] z, int features) {
            float[] a = new float[z.length];
            for (int i = 0; i < z.length; i++) {
                a[i] = z[i] > threshold[i % features] ? z[i] : 0;
            }
            return a;
        }
    }

    /** The k largest z of a token, without a ReLU: selected negatives stay. Ties: the lower index first. */
    record TopK(int k) implements Activation {
        @Override
        public float[] of(float[] z, int features) {
            float[] a = new float[z.length];
            float[] sorted = new float[features];
            for (int row = 0; row < z.length; row += features) {
                System.arraycopy(z, row, sorted, 0, features);
                Arrays.sort(sorted);
                float least = sorted[features - k];
                int ties = k;
                for (int i = features - k; i < features; i++) {
                    ties -= sorted[i] > least ? 1 : 0;
                }
                for (int i = row; i < row + features; i++) {
                    if (z[i] > least || (z[i] == least && ties-- > 0)) {
                        a[i] = z[i];
                    }
                }
            }
            return a;
        }
    }
}
