package io.circuitstream.training.transcoder;

/**
 * Sizes of a transcoder: {@code features} in each of {@code layers} layers of residual width {@code width}.
 *
 * @param skip whether each layer also has a linear map from its input to its output site
 */
record TranscoderShape(TranscoderKind kind, int layers, int width, int features, boolean skip) {

    TranscoderShape {
        if (layers < 1 || width < 1 || features < 1) {
            throw new IllegalArgumentException(
                    "layers, width and features must be positive, not " + layers + ", " + width + ", " + features);
        }
    }

    /** Number of layers that features of a layer write to. */
    int span(int source) {
        return kind.span(layers, source);
    }

    /** One more than the last layer that features of a layer write to. */
    int end(int source) {
        return source + span(source);
    }

    /** Whether features of a source layer write with this decoder: see {@link #block}. */
    boolean writes(int source, int target) {
        return target >= source && target < end(source);
    }

    /** Number of decoder matrices {@code [features, width]}. */
    int blocks() {
        return kind == TranscoderKind.CLT ? layers * (layers + 1) / 2 : layers;
    }

    /** The decoder matrix with which features of {@code source} write to {@code target}. */
    int block(int source, int target) {
        return kind == TranscoderKind.CLT ? target * (target + 1) / 2 + source : target;
    }

    /** Number of weights when exported, thresholds included where there are any. */
    long parameters(boolean thresholds) {
        long matrix = (long) features * width;
        return layers * (matrix + features * (thresholds ? 2L : 1L) + width + (skip ? (long) width * width : 0))
                + blocks() * matrix;
    }
}
