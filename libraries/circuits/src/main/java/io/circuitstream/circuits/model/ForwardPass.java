package io.circuitstream.circuits.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.jspecify.annotations.Nullable;

/**
 * What one forward pass over T tokens computed, kept in native memory until closed.
 *
 * @param attentionScale per layer [T,1]: one over the denominator of the norm before attention
 * @param patterns per layer [H,T,T]: attention after softmax, query × key
 * @param attentionPostScale per layer [T,1]: one over the denominator of the norm after attention; null without one
 * @param mlpScale per layer [T,1]: one over the denominator of the norm before the MLP
 * @param residMid per layer [T,d]: what the norm before the MLP reads (hook_resid_mid)
 * @param normalized per layer [T,d]: after that norm, without its gain (ln2.hook_normalized)
 * @param mlpIn per layer [T,d]: with it (mlp.hook_in)
 * @param mlpOut per layer [T,d]: what was added to the stream (hook_mlp_out)
 * @param finalScale [T,1]
 * @param finalNormed [T,d]: what the unembedding reads, after the final norm and its gain
 * @param logits [T,V], capped where the model caps them
 */
public record ForwardPass(
        NDManager manager,
        int[] tokens,
        NDArray[] attentionScale,
        NDArray[] patterns,
        @Nullable NDArray[] attentionPostScale,
        NDArray[] mlpScale,
        NDArray[] residMid,
        NDArray[] normalized,
        NDArray[] mlpIn,
        NDArray[] mlpOut,
        NDArray finalScale,
        NDArray finalNormed,
        NDArray logits)
        implements AutoCloseable {

    public int positions() {
        return tokens.length;
    }

    /** Logits [V] at one position. */
    public float[] logits(int position) {
        try (NDArray row = logits.get(position)) {
            return row.toFloatArray();
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
