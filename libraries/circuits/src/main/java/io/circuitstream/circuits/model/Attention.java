package io.circuitstream.circuits.model;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * One layer's attention, on what comes out of the norm before it. Thread-safe.
 *
 * @param query to [H·dh]
 * @param key to [KV·dh]
 * @param value to [KV·dh]
 * @param output from [H·dh] to [d]
 * @param queryNorm over a head's width, null for none
 * @param keyNorm over a head's width, null for none
 * @param heads H
 * @param kvHeads KV; divides H
 * @param headWidth dh
 * @param scale what scores are multiplied with
 * @param softCap c of c·tanh(score / c); 0 for none
 * @param window how many positions a query sees, its own included; 0 for all before it
 * @param rotary null where positions are learned
 */
public record Attention(
        Projection query,
        Projection key,
        Projection value,
        Projection output,
        @Nullable Norm queryNorm,
        @Nullable Norm keyNorm,
        int heads,
        int kvHeads,
        int headWidth,
        float scale,
        float softCap,
        int window,
        @Nullable Rotary rotary) {

    /** Keys as they are compared and values, [H,n,dh] each. */
    record KeysValues(NDArray keys, NDArray values) {}

    /**
     * Query heads [B·H,n,dh] of normed inputs [B·n,d], turned.
     *
     * @param n positions of each of the B sequences
     */
    NDArray queries(NDArray normed, Rotary.@Nullable Angles angles, int n) {
        return turned(heads(query.of(normed), heads, n), queryNorm, angles);
    }

    /** Keys [B·H,n,dh], turned, every group's repeated for its queries. */
    NDArray keys(NDArray normed, Rotary.@Nullable Angles angles, int n) {
        return repeated(turned(heads(key.of(normed), kvHeads, n), keyNorm, angles));
    }

    /** Values [B·H,n,dh], every group's repeated for its queries. */
    NDArray values(NDArray normed, int n) {
        return repeated(heads(value.of(normed), kvHeads, n));
    }

    /** Attention after softmax, [B·H,q,k] of queries [B·H,q,dh] and keys [B·H,k,dh]. */
    NDArray pattern(NDArray queries, NDArray keys, NDArray mask) {
        NDArray scores = queries.matMul(keys.swapAxes(1, 2)).mul(scale);
        if (softCap > 0) {
            scores = scores.div(softCap).tanh().mul(softCap);
        }
        return scores.add(mask).softmax(-1);
    }

    /** What attention yields, [B·q,d]. */
    NDArray mix(NDArray pattern, NDArray values) {
        return output.of(joined(pattern.matMul(values), heads));
    }

    /**
     * What attention yields at every position whatever it looks at, because a pattern's rows sum to 1: the biases of value and
     * output and that of the norm before, [d]. Null where there is none.
     *
     * @param normBias [d], of the norm before; null for none
     */
    public @Nullable NDArray constant(@Nullable NDArray normBias) {
        NDArray values = normBias == null
                ? value.bias()
                : value.of(normBias.reshape(1, normBias.size())).flatten();
        if (values == null) {
            return output.bias();
        }
        NDArray perHead = repeated(values.reshape(kvHeads, 1, headWidth));
        return output.of(perHead.reshape(1, (long) heads * headWidth)).flatten();
    }

    /**
     * The transpose of the derivative at x: g [n,d] at the output becomes g at the input, through values and through the
     * pattern.
     *
     * @param normed x [n,d]
     * @param pattern [H,n,n] at x
     */
    NDArray gradient(NDArray g, NDArray normed, NDArray pattern, Rotary.@Nullable Angles angles) {
        int n = (int) normed.getShape().get(0);
        NDArray mixed = heads(g.matMul(output.weight()), heads, n);
        NDArray shares = mixed.matMul(values(normed, n).swapAxes(1, 2));
        NDArray scores = pattern.mul(shares.sub(pattern.mul(shares).sum(new int[] {-1}, true)));
        NDArray queries = queries(normed, angles, n);
        NDArray keys = keys(normed, angles, n);
        if (softCap > 0) {
            NDArray capped =
                    queries.matMul(keys.swapAxes(1, 2)).mul(scale).div(softCap).tanh();
            scores = scores.mul(capped.square().sub(1).neg());
        }
        scores = scores.mul(scale);
        NDArray toQueries = turnedBack(scores.matMul(keys), heads(query.of(normed), heads, n), queryNorm, angles);
        NDArray toKeys = turnedBack(
                summed(scores.swapAxes(1, 2).matMul(queries)), heads(key.of(normed), kvHeads, n), keyNorm, angles);
        NDArray toValues = summed(pattern.swapAxes(1, 2).matMul(mixed));
        return joined(toQueries, heads)
                .matMul(query.weight())
                .add(joined(toKeys, kvHeads).matMul(key.weight()))
                .add(joined(toValues, kvHeads).matMul(value.weight()));
    }

    /** From g of turned heads to g of the heads x as they were projected. */
    private NDArray turnedBack(NDArray g, NDArray x, @Nullable Norm norm, Rotary.@Nullable Angles angles) {
        NDArray back = rotary == null || angles == null ? g : rotary.turnBack(g, angles);
        return norm == null ? back : norm.gradient(back, x, norm.scale(x));
    }

    private NDArray turned(NDArray x, @Nullable Norm norm, Rotary.@Nullable Angles angles) {
        NDArray normed = norm == null ? x : norm.of(x, norm.scale(x));
        return rotary == null || angles == null ? normed : rotary.turn(normed, angles);
    }

    /** From [B·n, count·dh] to [B·count, n, dh]. */
    private NDArray heads(NDArray x, int count, int n) {
        return x.reshape(-1, n, count, headWidth).transpose(0, 2, 1, 3).reshape(-1, n, headWidth);
    }

    private NDArray repeated(NDArray x) {
        return kvHeads == heads ? x : x.repeat(0, heads / kvHeads);
    }

    /** The transpose of {@link #heads}, and its inverse. */
    private NDArray joined(NDArray heads, int count) {
        long n = heads.getShape().get(1);
        return heads.reshape(-1, count, n, headWidth).transpose(0, 2, 1, 3).reshape(-1, (long) count * headWidth);
    }

    /** The transpose of {@link #repeated}. */
    private NDArray summed(NDArray x) {
        long n = x.getShape().get(1);
        return kvHeads == heads
                ? x
                : x.reshape(kvHeads, heads / kvHeads, n, headWidth).sum(new int[] {1});
    }
}
