package io.circuitstream.circuits.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;

/** Moving float32 arrays between Java and the tensor library. */
public final class Tensors {
    private Tensors() {}

    /**
     * A tensor that owns its memory. {@code NDManager.create} borrows a Java buffer whose alignment varies from run to
     * run, and with it the last bits of a matrix product; the copy lies where the library itself would put it.
     */
    public static NDArray of(NDManager manager, float[] values, long... shape) {
        try (NDArray borrowed = manager.create(values, new Shape(shape))) {
            NDArray own = borrowed.duplicate();
            own.attach(manager);
            return own;
        }
    }

    /** x Wᵀ, [n,out], of x [n,in] and W [out,in]. */
    static NDArray linear(NDArray x, NDArray weight) {
        return x.matMul(weight.transpose());
    }

    /** Keeps an array beyond the current {@link NDScope}: it then lives as long as the manager. */
    public static NDArray keep(NDManager manager, NDArray array) {
        NDScope.unregister(array);
        array.attach(manager);
        return array;
    }
}
