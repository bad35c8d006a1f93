package io.circuitstream.circuits.transcoder;

import io.circuitstream.circuits.files.Npz;
import io.circuitstream.circuits.files.TensorFile;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;

/** Who wrote a layer's file, and with it how matrices are turned in it (docs/transcoder-formats.md). */
enum Layout {
    /** circuit-tracer's cross-layer files. A skip in them is an extension of ours, in its orientation in memory. */
    CROSS_LAYER(false, false, false),
    /** circuit-tracer's per-layer files. */
    PER_LAYER(false, true, false),
    /** Google's GemmaScope, NumPy files. */
    GEMMA_SCOPE(true, false, true),
    /** Google's GemmaScope 2, safetensors. */
    GEMMA_SCOPE_2(true, false, true);

    /** W_enc is stored [d,F], not [F,d]. */
    final boolean encoderTransposed;

    /** W_skip is stored [d out, d in], not [d in, d out]. */
    final boolean skipTransposed;

    /** Thresholds must be there. */
    final boolean jumpRelu;

    Layout(boolean encoderTransposed, boolean skipTransposed, boolean jumpRelu) {
        this.encoderTransposed = encoderTransposed;
        this.skipTransposed = skipTransposed;
        this.jumpRelu = jumpRelu;
    }

    static Layout circuitTracer(Kind kind) {
        return switch (kind) {
            case CROSS_LAYER -> CROSS_LAYER;
            case PER_LAYER -> PER_LAYER;
        };
    }

    /** An encoder file's, told by its format and tensor names. */
    static Layout of(TensorFile encoder, Kind kind) {
        if (encoder instanceof Npz) {
            return GEMMA_SCOPE;
        }
        return encoder.has("w_enc") ? GEMMA_SCOPE_2 : circuitTracer(kind);
    }

    /** Names of a layer's tensors. */
    TensorNames names(int layer) {
        return switch (this) {
            case CROSS_LAYER ->
                new TensorNames(
                        "W_enc_" + layer,
                        "b_enc_" + layer,
                        "b_dec_" + layer,
                        "threshold_" + layer,
                        "W_skip_" + layer,
                        "W_dec_" + layer);
            case PER_LAYER ->
                new TensorNames("W_enc", "b_enc", "b_dec", "activation_function.threshold", "W_skip", "W_dec");
            case GEMMA_SCOPE -> new TensorNames("W_enc", "b_enc", "b_dec", "threshold", null, "W_dec");
            case GEMMA_SCOPE_2 ->
                new TensorNames("w_enc", "b_enc", "b_dec", "threshold", "affine_skip_connection", "w_dec");
        };
    }
}
