package io.circuitstream.circuits.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * What one forward pass over T tokens computed, kept in native memory until closed.
 *
 * @param attentionScale per layer [T,1]: 1 / root mean square of the residual stream before attention
 * @param patterns per layer [H,T,T]: attention after softmax, query × key
 * @param mlpScale per layer [T,1]: 1 / root mean square before the MLP
 * @param residMid per layer [T,d]: the residual stream after attention, before the norm (hook_resid_mid)
 * @param mlpIn per layer [T,d]: after the norm and its gain (mlp.hook_in)
 * @param mlpOut per layer [T,d]: what was added to the stream (hook_mlp_out)
 * @param finalScale [T,1]
 * @param finalNormed [T,d]: what the unembedding reads, after the final norm and its gain
 * @param logits [T,V]
 */
public record ForwardPass(
        NDManager manager,
        int[] tokens,
        NDArray[] attentionScale,
        NDArray[] patterns,
        NDArray[] mlpScale,
        NDArray[] residMid,
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
