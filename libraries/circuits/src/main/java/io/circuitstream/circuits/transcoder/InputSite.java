package io.circuitstream.circuits.transcoder;

import ai.djl.ndarray.NDArray;
import io.circuitstream.circuits.model.ForwardPass;
import java.util.Arrays;
import java.util.Optional;

/** Where a transcoder reads the residual stream; the names are TransformerLens'. */
public enum InputSite {
    /** After attention, before the norm. */
    RESID_MID("hook_resid_mid"),
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

    /** The site's activations [T,d] in a pass. */
    public NDArray in(ForwardPass pass, int layer) {
        return this == RESID_MID ? pass.residMid()[layer] : pass.mlpIn()[layer];
    }

    /** The same from the two arguments that an MLP's replacement gets. */
    public NDArray choose(NDArray residMid, NDArray mlpIn) {
        return this == RESID_MID ? residMid : mlpIn;
    }
}
