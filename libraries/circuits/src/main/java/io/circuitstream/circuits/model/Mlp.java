package io.circuitstream.circuits.model;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * One layer's MLP on n inputs x [n,d] as they come out of the norm before it (mlp.hook_in): W_down h + b_down with hidden
 * units h = act(W_gate x + b_gate) ∘ (W_up x + b_up), or h = act(W_up x + b_up) without a gate. Results belong to the manager
 * of x and to the current scope; call {@link TensorRuntime#enter} first on a thread of your own. Thread-safe.
 *
 * @param gate null where the MLP has none
 * @param up to [hidden]
 * @param down from [hidden] to [d]
 */
public record Mlp(@Nullable Projection gate, Projection up, Projection down, MlpActivation activation) {

    /** What comes out of the MLP, [n,d]. */
    public NDArray out(NDArray in) {
        return down.of(hidden(in));
    }

    /** The hidden units h, [n, hidden]. */
    public NDArray hidden(NDArray in) {
        NDArray u = up.of(in);
        return gate == null ? activation.of(u) : activation.of(gate.of(in)).mul(u);
    }

    /**
     * The transpose of the derivative at x: g at the output becomes g at the input, [n,d].
     *
     * @param in x [n,d]
     */
    NDArray gradient(NDArray g, NDArray in) {
        NDArray hidden = g.matMul(down.weight());
        NDArray u = up.of(in);
        if (gate == null) {
            return hidden.mul(activation.slope(u)).matMul(up.weight());
        }
        NDArray a = gate.of(in);
        NDArray throughUp = hidden.mul(activation.of(a)).matMul(up.weight());
        return throughUp.add(hidden.mul(u).mul(activation.slope(a)).matMul(gate.weight()));
    }

    /**
     * What hidden units move to first order when x does: J·Δx, [n, hidden].
     *
     * @param in x [n,d]
     * @param change Δx [n,d]
     */
    public NDArray hiddenChange(NDArray in, NDArray change) {
        NDArray u = up.of(in);
        NDArray upChange = Tensors.linear(change, up.weight());
        if (gate == null) {
            return activation.slope(u).mul(upChange);
        }
        NDArray g = gate.of(in);
        NDArray throughGate = activation.slope(g).mul(u).mul(Tensors.linear(change, gate.weight()));
        return throughGate.add(activation.of(g).mul(upChange));
    }

    /**
     * The tangents h_j(x) ≈ row · x + constant of n hidden units, each at its own x.
     *
     * @param rows [n,d]
     * @param constants [n,1]: h − row · x
     */
    public record Tangents(NDArray rows, NDArray constants) {}

    /**
     * Tangents of n units: with a gate the rows are act′(g)·u·W_gate[j] + act(g)·W_up[j], without one act′(u)·W_up[j].
     *
     * @param in x [n,d]
     * @param units j [n], int64
     */
    public Tangents tangents(NDArray in, NDArray units) {
        NDArray upRows = up.weight().get(units);
        NDArray upInput = in.mul(upRows).sum(new int[] {1}, true);
        NDArray u = up.plusBias(upInput, units);
        if (gate == null) {
            NDArray slope = activation.slope(u);
            return new Tangents(upRows.mul(slope), activation.of(u).sub(slope.mul(upInput)));
        }
        NDArray gateRows = gate.weight().get(units);
        NDArray gateInput = in.mul(gateRows).sum(new int[] {1}, true);
        NDArray g = gate.plusBias(gateInput, units);
        NDArray throughGate = activation.slope(g).mul(u);
        NDArray value = activation.of(g);
        // h − row · x, with what cancels left out: value·(u − W_up x) is the bias of up.
        NDArray constant = throughGate.mul(gateInput).neg().add(value.mul(u.sub(upInput)));
        return new Tangents(gateRows.mul(throughGate).add(upRows.mul(value)), constant);
    }
}
