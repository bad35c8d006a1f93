package io.circuitstream.circuits.replacement;

import ai.djl.ndarray.NDArray;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.Tensors;
import io.circuitstream.circuits.transcoder.Transcoder;
import java.util.function.Supplier;

/**
 * The full replacement model: every MLP's output is the transcoder's, without error terms; features re-encode from the
 * replaced stream. Masked positions keep the model's own MLP.
 */
public final class FullReplacement implements Forward.MlpOutput {
    private final LanguageModel model;
    private final Transcoder transcoder;
    private final int length;
    private final int masked;
    private final float[][] outputs;

    private FullReplacement(LanguageModel model, Transcoder transcoder, int[] tokens) {
        this.model = model;
        this.transcoder = transcoder;
        this.length = tokens.length;
        this.masked = model.masked(tokens);
        this.outputs = new float[transcoder.layers()][length * transcoder.width()];
        for (int l = 0; l < outputs.length; l++) {
            for (int p = 0; p < length; p++) {
                System.arraycopy(transcoder.decoderBias(l), 0, outputs[l], p * transcoder.width(), transcoder.width());
            }
        }
    }

    /** Runs the replacement model; the caller closes the pass. */
    public static ForwardPass run(LanguageModel model, Transcoder transcoder, int[] tokens) {
        return Forward.run(
                model, tokens, new Forward.Options(null, null, new FullReplacement(model, transcoder, tokens), null));
    }

    @Override
    public NDArray of(int layer, Forward.MlpInput read, Supplier<NDArray> own) {
        NDArray input = transcoder.site().of(read);
        float[] a = transcoder.activations(
                layer, transcoder.preActivations(layer, input).toFloatArray());
        int d = transcoder.width();
        int features = transcoder.features(layer);
        int span = transcoder.span(layer);
        for (int p = masked; p < length; p++) {
            int[] active = new int[features];
            float[] activation = new float[features];
            int n = 0;
            for (int f = 0; f < features; f++) {
                if (a[p * features + f] != 0) {
                    active[n] = f;
                    activation[n++] = a[p * features + f];
                }
            }
            float[] rows = transcoder.decoderRows(layer, java.util.Arrays.copyOf(active, n));
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < span * d; j++) {
                    outputs[layer + j / d][p * d + j % d] += activation[i] * rows[i * span * d + j];
                }
            }
        }
        NDArray skip = transcoder.skip(layer);
        if (skip != null) {
            float[] written = input.matMul(skip).toFloatArray();
            for (int j = masked * d; j < written.length; j++) {
                outputs[layer][j] += written[j];
            }
        }
        if (masked > 0) {
            System.arraycopy(own.get().toFloatArray(), 0, outputs[layer], 0, masked * d);
        }
        return Tensors.of(model.manager(), outputs[layer], length, d);
    }
}
