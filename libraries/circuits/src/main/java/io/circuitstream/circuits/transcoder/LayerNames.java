package io.circuitstream.circuits.transcoder;

import io.circuitstream.circuits.transcoder.Transcoder.Kind;

/**
 * Where one layer's tensors are in circuit-tracer's two folder layouts (circuits.md §7). The skip of the cross-layer
 * layout is an extension of ours, in the orientation that circuit-tracer has in memory: [d in, d out]. The per-layer
 * layout stores it [d out, d in].
 */
record LayerNames(
        Kind kind,
        String encoderFile,
        String decoderFile,
        String encoder,
        String encoderBias,
        String decoderBias,
        String threshold,
        String skip,
        String decoder) {

    static LayerNames of(Kind kind, int layer) {
        return switch (kind) {
            case CROSS_LAYER ->
                new LayerNames(
                        kind,
                        "W_enc_" + layer + ".safetensors",
                        "W_dec_" + layer + ".safetensors",
                        "W_enc_" + layer,
                        "b_enc_" + layer,
                        "b_dec_" + layer,
                        "threshold_" + layer,
                        "W_skip_" + layer,
                        "W_dec_" + layer);
            case PER_LAYER ->
                new LayerNames(
                        kind,
                        "layer_" + layer + ".safetensors",
                        "layer_" + layer + ".safetensors",
                        "W_enc",
                        "b_enc",
                        "b_dec",
                        "activation_function.threshold",
                        "W_skip",
                        "W_dec");
        };
    }

    /** A skip as stored from one [in, out], and back. */
    float[] skipInOut(float[] skip, int width) {
        if (kind == Kind.CROSS_LAYER) {
            return skip;
        }
        float[] transposed = new float[skip.length];
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < width; j++) {
                transposed[j * width + i] = skip[i * width + j];
            }
        }
        return transposed;
    }
}
