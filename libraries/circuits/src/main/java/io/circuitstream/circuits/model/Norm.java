package io.circuitstream.circuits.model;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * A norm over the last dimension, in two steps, so that its denominator can be held fixed: {@link #scale} and
 * {@link #of}. With the scale fixed it is linear. Thread-safe.
 *
 * @param gain [d], as it is multiplied with
 * @param bias [d], null for none
 */
public record Norm(Kind kind, NDArray gain, @Nullable NDArray bias, float epsilon) {

    /** What is normalised. */
    public enum Kind {
        /** x / √(mean x² + ε). */
        ROOT_MEAN_SQUARE,
        /** (x − mean x) / √(var x + ε). */
        LAYER
    }

    /** One over the denominator, [..,1] of x [..,d]. */
    public NDArray scale(NDArray x) {
        return centred(x)
                .square()
                .mean(new int[] {-1}, true)
                .add(epsilon)
                .sqrt()
                .pow(-1);
    }

    /** x normalised, before gain and bias. */
    public NDArray normalised(NDArray x, NDArray scale) {
        return centred(x).mul(scale);
    }

    /** Gain and bias. */
    public NDArray withGain(NDArray normalised) {
        NDArray y = normalised.mul(gain);
        return bias == null ? y : y.add(bias);
    }

    /** The norm of x, with a scale that may be another's. */
    public NDArray of(NDArray x, NDArray scale) {
        return withGain(normalised(x, scale));
    }

    /** The transpose of {@link #of} without its bias, at a fixed scale: g at the output becomes g at the input. */
    public NDArray transposed(NDArray g, NDArray scale) {
        return transposedNormalised(g.mul(gain), scale);
    }

    /** The transpose of {@link #normalised}, at a fixed scale. */
    public NDArray transposedNormalised(NDArray g, NDArray scale) {
        return centred(g.mul(scale));
    }

    /**
     * The transpose of the norm's derivative at x, its denominator moving too: g at the output becomes g at the input.
     *
     * @param scale {@link #scale} of x
     */
    NDArray gradient(NDArray g, NDArray x, NDArray scale) {
        return gradientNormalised(g.mul(gain), normalised(x, scale), scale);
    }

    /** The same of {@link #normalised}, whose value is given. */
    public NDArray gradientNormalised(NDArray g, NDArray normalised, NDArray scale) {
        NDArray along = g.mul(normalised).mean(new int[] {-1}, true);
        return transposedNormalised(g.sub(normalised.mul(along)), scale);
    }

    /** x [..,d] without its mean where the kind subtracts it: its own transpose. */
    public NDArray centred(NDArray x) {
        return switch (kind) {
            case ROOT_MEAN_SQUARE -> x;
            case LAYER -> x.sub(x.mean(new int[] {-1}, true));
        };
    }
}
