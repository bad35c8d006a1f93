package io.circuitstream.circuits.model;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * x Wᵀ + b. Thread-safe.
 *
 * @param weight [out, in]
 * @param bias [out], null for none
 */
public record Projection(NDArray weight, @Nullable NDArray bias) {

    /** [n,out] of x [n,in]. */
    public NDArray of(NDArray x) {
        NDArray y = Tensors.linear(x, weight);
        return bias == null ? y : y.add(bias);
    }

    /** Adds the bias of some outputs [n] to products [n,1]. */
    NDArray plusBias(NDArray products, NDArray outputs) {
        return bias == null ? products : products.add(bias.get(outputs).expandDims(1));
    }
}
