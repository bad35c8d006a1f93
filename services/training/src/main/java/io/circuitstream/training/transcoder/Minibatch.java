package io.circuitstream.training.transcoder;

/**
 * Normalised sites of some tokens. The output sites of a token stand side by side <em>from the last layer to the first</em>:
 * what a source layer writes is then always the beginning of the row, see {@link TranscoderShape#outputBlock}.
 */
final class Minibatch {
    final int tokens;
    /** By layer, {@code [tokens · width]}. */
    final float[][] flatInputs;
    /** By layer and token, {@code [width]}. */
    final float[][][] inputs;
    /** By token, {@code [layers · width]}. */
    final float[][] outputs;

    private Minibatch(TranscoderShape shape, int tokens) {
        this.tokens = tokens;
        this.flatInputs = new float[shape.layers()][tokens * shape.width()];
        this.inputs = new float[shape.layers()][tokens][shape.width()];
        this.outputs = new float[tokens][shape.outputWidth()];
    }

    /** Copies {@code count} tokens, those listed from {@code order[from]} on, starting over at its end. */
    static Minibatch of(TranscoderShape shape, Activations data, int[] order, int from, int count) {
        Minibatch batch = new Minibatch(shape, count);
        int width = shape.width();
        for (int i = 0; i < count; i++) {
            int token = order[(from + i) % order.length];
            for (int layer = 0; layer < shape.layers(); layer++) {
                System.arraycopy(data.inputs[layer], token * width, batch.inputs[layer][i], 0, width);
                System.arraycopy(data.inputs[layer], token * width, batch.flatInputs[layer], i * width, width);
                System.arraycopy(
                        data.outputs[layer], token * width, batch.outputs[i], shape.outputBlock(layer) * width, width);
            }
        }
        return batch;
    }
}
