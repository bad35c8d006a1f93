package io.circuitstream.circuits.model;

import ai.djl.ndarray.NDArray;

/**
 * One layer's MLP, W_down (silu(W_gate x) ∘ W_up x), on n inputs x [n,d] as they come out of the norm and its gain
 * (mlp.hook_in). Results belong to the manager of x and to the current scope; call {@link TensorRuntime#enter} first on a
 * thread of your own. Thread-safe.
 *
 * @param gate [hidden, d]
 * @param up [hidden, d]
 * @param down [d, hidden]
 */
public record GatedMlp(NDArray gate, NDArray up, NDArray down) {

    /** What is added to the stream, [n,d]. */
    public NDArray out(NDArray in) {
        return Tensors.linear(hidden(in), down);
    }

    /** The hidden units h = silu(W_gate x) ∘ W_up x, [n, hidden]. */
    public NDArray hidden(NDArray in) {
        NDArray g = Tensors.linear(in, gate);
        NDArray silu = g.mul(g.getNDArrayInternal().sigmoid());
        return silu.mul(Tensors.linear(in, up));
    }
}
