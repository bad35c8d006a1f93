package io.circuitstream.circuits.transcoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.circuitstream.circuits.files.ContentHash;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.Mlp;
import io.circuitstream.circuits.model.ModelConfig;
import io.circuitstream.circuits.model.Projection;
import io.circuitstream.circuits.model.TensorRuntime;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The model's own hidden units as features: what a decomposition is worth without any training (circuits.md §1). A unit
 * is active where |h_j|·‖W_down_j‖ > τ, the norm of what it writes; what the others write is left to the error nodes. It
 * reads along the tangent of h_j at the prompt, so that rows conserve h_j, and a large change bends away from its row.
 * Needs the model open; holds nothing of its own.
 */
public final class Neurons implements Transcoder {
    private final LanguageModel model;
    private final float threshold;
    private final float[][] norms;
    private final float[][] biases;
    private final String scan;

    /** @param threshold τ, at least 0; at 0 every unit that is not exactly 0 is a feature and errors are rounding */
    public Neurons(LanguageModel model, float threshold) {
        if (!(threshold >= 0 && Float.isFinite(threshold))) {
            throw new IllegalArgumentException("neuron threshold is " + threshold + ", must be finite and at least 0");
        }
        if (model.layer(0).mlpPostNorm() != null) {
            throw new IllegalArgumentException("neurons of " + model.name()
                    + " cannot be features: the norm after its MLPs makes what a neuron writes depend on all others");
        }
        this.model = model;
        this.threshold = threshold;
        this.norms = new float[model.config().layers()][];
        this.biases = new float[norms.length][];
        TensorRuntime.enter();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            for (int l = 0; l < norms.length; l++) {
                Projection down = mlp(l).down();
                norms[l] = down.weight().square().sum(new int[] {0}).sqrt().toFloatArray();
                biases[l] = down.bias() == null
                        ? new float[model.config().width()]
                        : down.bias().toFloatArray();
            }
        }
        MessageDigest digest = ContentHash.sha256();
        // The bits of τ: how a float is printed depends on the JDK.
        String identity = model.hash() + "\0neurons\0" + Integer.toHexString(Float.floatToIntBits(threshold));
        digest.update(identity.getBytes(StandardCharsets.UTF_8));
        this.scan = HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public Kind kind() {
        return Kind.PER_LAYER;
    }

    @Override
    public InputSite site() {
        return InputSite.MLP_IN;
    }

    /** Hash of the model's content hash and the threshold. */
    @Override
    public String scan() {
        return scan;
    }

    @Override
    public int layers() {
        return norms.length;
    }

    @Override
    public int width() {
        return model.config().width();
    }

    @Override
    public int features(int layer) {
        return norms[layer].length;
    }

    @Override
    public long parameters() {
        return 0;
    }

    /** h: a hidden unit has no other pre-activation. */
    @Override
    public NDArray preActivations(int layer, NDArray input) {
        return mlp(layer).hidden(input);
    }

    @Override
    public NDArray linearised(int layer, NDArray input, NDArray clean) {
        Mlp mlp = mlp(layer);
        return mlp.hidden(clean).add(mlp.hiddenChange(clean, input.sub(clean)));
    }

    @Override
    public float[] activations(int layer, float[] preActivations) {
        float[] a = new float[preActivations.length];
        for (int i = 0; i < a.length; i++) {
            float h = preActivations[i];
            a[i] = Math.abs(h) * norms[layer][i % norms[layer].length] > threshold ? h : 0;
        }
        return a;
    }

    @Override
    public Reads reads(int layer, int[] features, int[] positions, NDArray clean) {
        if (features.length == 0) {
            return new Reads(new float[0], new float[0]);
        }
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Mlp.Tangents tangents = mlp(layer).tangents(clean.get(indices(positions)), indices(features));
            return new Reads(
                    tangents.rows().toFloatArray(), tangents.constants().toFloatArray());
        }
    }

    /** Columns of W_down. */
    @Override
    public float[] decoderRows(int layer, int[] features) {
        if (features.length == 0) {
            return new float[0];
        }
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return mlp(layer).down().weight().transpose().get(indices(features)).toFloatArray();
        }
    }

    private Mlp mlp(int layer) {
        return model.layer(layer).mlp();
    }

    private NDArray indices(int[] values) {
        NDManager manager = model.manager();
        long[] wide = new long[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return manager.create(wide);
    }

    /** The MLP's own, zero where it has none. */
    @Override
    public float[] decoderBias(int layer) {
        return biases[layer];
    }

    @Override
    public @Nullable NDArray skip(int layer) {
        return null;
    }

    @Override
    public void requireFits(ModelConfig other) {
        if (!other.equals(model.config())) {
            throw new IllegalArgumentException("these neurons are another model's: " + model.name());
        }
    }

    /** Nothing: the units are the model's. */
    @Override
    public void close() {}
}
