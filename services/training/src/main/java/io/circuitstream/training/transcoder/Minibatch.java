package io.circuitstream.training.transcoder;

/** Normalised sites of some tokens; the rows are those of the {@link Activations}, not copies. */
final class Minibatch {
    final int tokens;
    /** By layer and token, {@code [width]}. */
    final float[][][] inputs;
    /** By layer and token, {@code [width]}. */
    final float[][][] outputs;
    /** By layer and token, {@code [width]}, or no layers. */
    final float[][][] jacobians;
    /** By token: its number among all activations. */
    final int[] ids;

    private Minibatch(float[][][] inputs, float[][][] outputs, float[][][] jacobians, int[] ids) {
        this.tokens = ids.length;
        this.inputs = inputs;
        this.outputs = outputs;
        this.jacobians = jacobians;
        this.ids = ids;
    }

    /** The {@code count} tokens listed from {@code order[from]} on. */
    static Minibatch of(Activations data, int[] order, int from, int count) {
        int[] ids = new int[count];
        System.arraycopy(order, from, ids, 0, count);
        return new Minibatch(pick(data.inputs, ids), pick(data.outputs, ids), pick(data.jacobians, ids), ids);
    }

    private static float[][][] pick(float[][][] all, int[] ids) {
        float[][][] picked = new float[all.length][ids.length][];
        for (int layer = 0; layer < all.length; layer++) {
            for (int token = 0; token < ids.length; token++) {
                picked[layer][token] = all[layer][ids[token]];
            }
        }
        return picked;
    }
}
