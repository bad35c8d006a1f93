package io.circuitstream.circuits.transcoder;

import ai.djl.ndarray.NDArray;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.Norm;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a transcoder reads the residual stream; the names are TransformerLens'. */
public enum InputSite {
    /** After attention, before the norm. */
    RESID_MID("hook_resid_mid"),
    /** After the norm, before its gain. */
    NORMALIZED("ln2.hook_normalized"),
    /** After the norm and its gain: what the MLP itself reads. */
    MLP_IN("mlp.hook_in");

    private final String hook;

    InputSite(String hook) {
        this.hook = hook;
    }

    public String hook() {
        return hook;
    }

    public static Optional<InputSite> of(String hook) {
        return Arrays.stream(values()).filter(s -> s.hook.equals(hook)).findFirst();
    }

    /** Every site's name. */
    public static List<String> hooks() {
        return Arrays.stream(values()).map(InputSite::hook).toList();
    }

    /** The site's activations [T,d] in a pass. */
    public NDArray in(ForwardPass pass, int layer) {
        return of(new Forward.MlpInput(pass.residMid()[layer], pass.normalized()[layer], pass.mlpIn()[layer]));
    }

    /** The same from what an MLP's replacement gets. */
    public NDArray of(Forward.MlpInput input) {
        return switch (this) {
            case RESID_MID -> input.residMid();
            case NORMALIZED -> input.normalized();
            case MLP_IN -> input.mlpIn();
        };
    }

    /**
     * How vectors that read the site read the stream before the norm, whose scale is fixed: the transpose of the way from there.
     *
     * @param vectors [..,d]
     * @param scale one over the norm's denominator, [..,1]
     */
    public NDArray transposed(NDArray vectors, Norm norm, NDArray scale) {
        return switch (this) {
            case RESID_MID -> vectors;
            case NORMALIZED -> norm.transposedNormalised(vectors, scale);
            case MLP_IN -> norm.transposed(vectors, scale);
        };
    }

    /**
     * As {@link #transposed}, with the norm's denominator moving too.
     *
     * @param normalised the stream after the norm, before its gain, [..,d]
     */
    public NDArray gradient(NDArray vectors, Norm norm, NDArray normalised, NDArray scale) {
        return switch (this) {
            case RESID_MID -> vectors;
            case NORMALIZED -> norm.gradientNormalised(vectors, normalised, scale);
            case MLP_IN -> norm.gradientNormalised(vectors.mul(norm.gain()), normalised, scale);
        };
    }

    /** What the site holds whatever the stream does, [d]: the norm's bias; null for none. */
    public @Nullable NDArray constant(Norm norm) {
        return this == MLP_IN ? norm.bias() : null;
    }
}
