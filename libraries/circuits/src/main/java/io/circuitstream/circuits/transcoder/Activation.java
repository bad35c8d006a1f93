package io.circuitstream.circuits.transcoder;

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
}
