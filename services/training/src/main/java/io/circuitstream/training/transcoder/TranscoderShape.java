package io.circuitstream.training.transcoder;

/**
 * Sizes of a cross-layer transcoder: {@code features} in each of {@code layers}, each writing to its own and all later
 * layers of residual width {@code width}.
 */
record TranscoderShape(int layers, int width, int features) {

    TranscoderShape {
        if (layers < 1 || width < 1 || features < 1) {
            throw new IllegalArgumentException(
                    "layers, width and features must be positive, not " + layers + ", " + width + ", " + features);
        }
    }

    /** Length of one feature's concatenated decoders, for a source layer. */
    int decoderWidth(int source) {
        return (layers - source) * width;
    }

    /**
     * Where a layer stands in a row of output sites, and in a feature's concatenated decoders, during training: the last layer
     * first, so that everything a source layer writes is a prefix of the row.
     */
    int outputBlock(int layer) {
        return layers - 1 - layer;
    }

    /** All output sites of a token side by side. */
    int outputWidth() {
        return layers * width;
    }
}
