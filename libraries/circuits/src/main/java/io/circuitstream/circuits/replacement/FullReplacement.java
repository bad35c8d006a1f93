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
    private final FeatureWrites writes;

    private FullReplacement(LanguageModel model, Transcoder transcoder, int[] tokens) {
        this.model = model;
        this.transcoder = transcoder;
        this.length = tokens.length;
        this.masked = model.masked(tokens);
        this.writes = new FeatureWrites(transcoder, length, masked);
        for (int l = 0; l < transcoder.layers(); l++) {
            for (int p = 0; p < length; p++) {
                System.arraycopy(
                        transcoder.decoderBias(l), 0, writes.at(l), p * transcoder.width(), transcoder.width());
            }
        }
    }

    /** Runs the replacement model; the caller closes the pass. */
    public static ForwardPass run(LanguageModel model, Transcoder transcoder, int[] tokens) {
        return Forward.run(model, tokens, Forward.Options.replacing(new FullReplacement(model, transcoder, tokens)));
    }

    @Override
    public NDArray of(int layer, Forward.MlpInput read, Supplier<NDArray> own) {
        NDArray input = transcoder.site().of(read);
        writes.add(
                layer,
                transcoder.activations(
                        layer, transcoder.preActivations(layer, input).toFloatArray()));
        float[] output = writes.at(layer);
        int d = transcoder.width();
        NDArray skip = transcoder.skip(layer);
        if (skip != null) {
            float[] written = input.matMul(skip).toFloatArray();
            for (int j = masked * d; j < written.length; j++) {
                output[j] += written[j];
            }
        }
        if (masked > 0) {
            System.arraycopy(own.get().toFloatArray(), 0, output, 0, masked * d);
        }
        return Tensors.of(model.manager(), output, length, d);
    }
}
