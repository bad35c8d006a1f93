package io.circuitstream.circuits.transcoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.circuits.files.Npz;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.files.TensorFile;
import io.circuitstream.circuits.model.TensorReader;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One layer's tensors in their files, whatever the layout. Opening reads headers only; {@link #check} must come before
 * anything is read. Thread-safe.
 *
 * @param layers of the whole transcoder
 */
record LayerTensors(
        int layer, int layers, Kind kind, Layout layout, TensorNames names, TensorFile encoder, TensorFile decoder) {

    static LayerTensors open(LayerFiles files, Kind kind, int layer, int layers) {
        TensorFile encoder = open(files.encoder());
        TensorFile decoder = files.decoder().equals(files.encoder()) ? encoder : open(files.decoder());
        if (kind == Kind.CROSS_LAYER && encoder instanceof Npz) {
            throw new ModelFileException(
                    encoder.file(),
                    "an .npz holds one layer of a transcoder_set, config.yaml's model_kind is " + kind.modelKind());
        }
        Layout layout = Layout.of(encoder, kind);
        return new LayerTensors(layer, layers, kind, layout, layout.names(layer), encoder, decoder);
    }

    private static TensorFile open(Path file) {
        return file.toString().endsWith(".npz") ? Npz.open(file) : Safetensors.open(file);
    }

    /** Checks name, type and shape of everything. @throws ModelFileException naming file and tensor */
    void check(TranscoderConfig config, long expectedWidth) {
        requireEncoder(expectedWidth);
        encoder.requireFloats(names.encoderBias(), features());
        encoder.requireFloats(names.decoderBias(), width());
        switch (kind) {
            case CROSS_LAYER -> decoder.requireFloats(names.decoder(), features(), slots(), width());
            case PER_LAYER -> decoder.requireFloats(names.decoder(), features(), width());
        }
        if (names.skip() != null && encoder.has(names.skip())) {
            encoder.requireFloats(names.skip(), width(), width());
        }
        config.checkActivation(this);
        // circuit-tracer refuses these too: thresholds of another name would go unnoticed. Of its cross-layer files it
        // takes what it knows.
        List<String> strangers = names.strangers(encoder);
        if (layout != Layout.CROSS_LAYER && !strangers.isEmpty()) {
            throw new ModelFileException(
                    encoder.file(),
                    "has the tensors " + strangers + ", which do not belong to a transcoder of this layout: without"
                            + " them it could be read as another one");
        }
    }

    private void requireEncoder(long expectedWidth) {
        long[] shape = encoder.shape(names.encoder());
        boolean matrix = shape.length == 2 && shape[0] > 0 && shape[1] > 0;
        if (!matrix || (expectedWidth >= 0 && width() != expectedWidth)) {
            String width = expectedWidth < 0 ? "width" : String.valueOf(expectedWidth);
            throw new ModelFileException(
                    encoder.file(),
                    "tensor " + names.encoder() + " has shape " + Arrays.toString(shape) + ", expected "
                            + (layout.encoderTransposed ? "[" + width + ", features]" : "[features, " + width + "]"));
        }
        encoder.requireFloats(names.encoder(), shape);
    }

    long features() {
        return encoder.shape(names.encoder())[layout.encoderTransposed ? 1 : 0];
    }

    long width() {
        return encoder.shape(names.encoder())[layout.encoderTransposed ? 0 : 1];
    }

    /** Layers that a decoder's row holds, of which the last {@link #span} are written to. */
    private int slots() {
        return kind == Kind.CROSS_LAYER && layout == Layout.GEMMA_SCOPE_2 ? layers : span();
    }

    private int span() {
        return kind == Kind.CROSS_LAYER ? layers - layer : 1;
    }

    /** W_enc [F,d]. */
    NDArray readEncoder(NDManager manager) {
        return layout.encoderTransposed
                ? TensorReader.readTransposed(manager, encoder, names.encoder(), width(), features())
                : TensorReader.read(manager, encoder, names.encoder(), features(), width());
    }

    float[] readEncoderBias() {
        return encoder.readFloats(names.encoderBias(), features());
    }

    float[] readDecoderBias() {
        return encoder.readFloats(names.decoderBias(), width());
    }

    /** W_skip [d in, d out]. */
    @Nullable
    NDArray readSkip(NDManager manager) {
        if (names.skip() == null || !encoder.has(names.skip())) {
            return null;
        }
        return layout.skipTransposed
                ? TensorReader.readTransposed(manager, encoder, names.skip(), width(), width())
                : TensorReader.read(manager, encoder, names.skip(), width(), width());
    }

    /** [n, span, d] of the given features. */
    float[] readDecoderRows(int[] features) {
        float[] rows = decoder.readRows(names.decoder(), features);
        int kept = Math.toIntExact(span() * width());
        int stored = Math.toIntExact(slots() * width());
        if (kept == stored) {
            return rows;
        }
        float[] result = new float[features.length * kept];
        for (int i = 0; i < features.length; i++) {
            System.arraycopy(rows, (i + 1) * stored - kept, result, i * kept, kept);
        }
        return result;
    }
}
