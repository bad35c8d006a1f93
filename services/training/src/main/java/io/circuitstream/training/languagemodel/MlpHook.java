package io.circuitstream.training.languagemodel;

import ai.djl.ndarray.NDArray;

/** Sees, and may replace, what each layer's MLP adds to the residual stream during a forward pass. */
@FunctionalInterface
public interface MlpHook {
    MlpHook NONE = (layer, input, output) -> output;

    /**
     * Yields what is added to the residual stream.
     *
     * @param input what the MLP reads, after the norm and its gain ({@code mlp.hook_in}), {@code [rows, length, width]}
     * @param output what the MLP computed ({@code hook_mlp_out}), same shape
     */
    NDArray replace(int layer, NDArray input, NDArray output);
}
