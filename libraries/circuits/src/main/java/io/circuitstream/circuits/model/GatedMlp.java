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
        return silu(g).mul(Tensors.linear(in, up));
    }

    /**
     * What hidden units move to first order when x does: J·Δx, [n, hidden].
     *
     * @param in x [n,d]
     * @param change Δx [n,d]
     */
    public NDArray hiddenChange(NDArray in, NDArray change) {
        NDArray g = Tensors.linear(in, gate);
        NDArray throughGate = slope(g).mul(Tensors.linear(in, up)).mul(Tensors.linear(change, gate));
        return throughGate.add(silu(g).mul(Tensors.linear(change, up)));
    }

    /**
     * The tangents h_j(x) ≈ row · x + constant of n hidden units, each at its own x.
     *
     * @param rows [n,d]: silu′(g)·u·W_gate[j] + silu(g)·W_up[j]
     * @param constants [n,1]: h − row · x = −silu′(g)·g·u
     */
    public record Tangents(NDArray rows, NDArray constants) {}

    /**
     * Tangents of n units.
     *
     * @param in x [n,d]
     * @param units j [n], int64
     */
    public Tangents tangents(NDArray in, NDArray units) {
        NDArray gateRows = gate.get(units);
        NDArray upRows = up.get(units);
        NDArray g = in.mul(gateRows).sum(new int[] {1}, true);
        NDArray u = in.mul(upRows).sum(new int[] {1}, true);
        NDArray throughGate = slope(g).mul(u);
        return new Tangents(
                gateRows.mul(throughGate).add(upRows.mul(silu(g))),
                throughGate.mul(g).neg());
    }

    private static NDArray silu(NDArray g) {
        return g.mul(g.getNDArrayInternal().sigmoid());
    }

    /** silu′(g) = σ(g)·(1 + g·(1 − σ(g))). */
    private static NDArray slope(NDArray g) {
        NDArray sigmoid = g.getNDArrayInternal().sigmoid();
        return sigmoid.mul(g.mul(sigmoid.sub(1).neg()).add(1));
    }
}
