package io.circuitstream.circuits.replacement;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.Tensors;
import io.circuitstream.circuits.transcoder.Transcoder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One prompt's local replacement model (circuits.md §2): a clean forward pass, the active features, and the error
 * vectors e = m − m̂ that make features plus errors equal to the model. Attention patterns and norm denominators are
 * those of the pass. Holds native memory until closed; thread-confined while it is built, then read-only.
 */
public final class LocalReplacementModel implements AutoCloseable {
    private final LanguageModel model;
    private final Transcoder transcoder;
    private final ForwardPass pass;
    private final int masked;
    private final ActiveFeatures features;
    private final float[][] decoders;
    private final float[][] outputs;
    private final float[][] reconstructions;

    private LocalReplacementModel(LanguageModel model, Transcoder transcoder, ForwardPass pass) {
        this.model = model;
        this.transcoder = transcoder;
        this.pass = pass;
        this.masked = model.masked(pass.tokens());
        this.features = FeatureColumns.encode(transcoder, pass, masked);
        this.decoders = new float[model.config().layers()][];
        this.outputs = new float[model.config().layers()][];
        for (int l = 0; l < decoders.length; l++) {
            int[] index = Arrays.copyOfRange(features.index(), features.layerStart()[l], features.layerStart()[l + 1]);
            decoders[l] = transcoder.decoderRows(l, index);
            outputs[l] = pass.mlpOut()[l].toFloatArray();
        }
        this.reconstructions = reconstruct();
    }

    /**
     * Runs the model on a prompt and replaces its MLPs.
     *
     * @throws io.circuitstream.circuits.files.ModelFileException when the transcoder is not this model's
     */
    public static LocalReplacementModel build(LanguageModel model, Transcoder transcoder, int[] tokens) {
        transcoder.requireFits(model.config());
        ForwardPass pass = Forward.run(model, tokens);
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return new LocalReplacementModel(model, transcoder, pass);
        } catch (RuntimeException e) {
            pass.close();
            throw e;
        }
    }

    /** m̂_l = Σ_{s≤l} a_s W_dec_{s→l} + b_dec_l + u_l W_skip_l at unmasked positions. */
    private float[][] reconstruct() {
        int d = model.config().width();
        float[][] result = new float[decoders.length][pass.positions() * d];
        for (int l = 0; l < result.length; l++) {
            for (int p = masked; p < pass.positions(); p++) {
                System.arraycopy(transcoder.decoderBias(l), 0, result[l], p * d, d);
            }
        }
        for (int l = 0; l < result.length; l++) {
            NDArray skip = skip(l, transcoder.site().in(pass, l));
            if (skip != null) {
                float[] written = skip.toFloatArray();
                for (int j = 0; j < written.length; j++) {
                    result[l][j] += written[j];
                }
            }
        }
        for (int i = 0; i < features.count(); i++) {
            for (int l = features.layer()[i]; l < features.layer()[i] + transcoder.span(features.layer()[i]); l++) {
                addWrite(i, l, features.activation()[i], result[l], features.position()[i] * d);
            }
        }
        return result;
    }

    /**
     * What a layer's skip makes of u [C·T,d] at its input site, of C copies of the prompt: [C·T,d], zero at masked positions;
     * null without a skip.
     */
    public @Nullable NDArray skip(int layer, NDArray input) {
        NDArray weight = transcoder.skip(layer);
        int copies = (int) (input.getShape().get(0) / positions());
        return weight == null ? null : input.matMul(weight).mul(unmasked(copies));
    }

    /** 1 where there are features and errors, 0 at the masked positions, [C·T,1]. */
    public NDArray unmasked(int copies) {
        float[] flags = new float[copies * positions()];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = i % positions() < masked ? 0 : 1;
        }
        return Tensors.of(pass.manager(), flags, flags.length, 1);
    }

    /** Adds scale·W_dec_{s→l} of the i-th active feature to {@code to[offset ..]}. */
    public void addWrite(int feature, int writeLayer, float scale, float[] to, int offset) {
        int d = model.config().width();
        int s = features.layer()[feature];
        int row = ((feature - features.layerStart()[s]) * transcoder.span(s) + writeLayer - s) * d;
        for (int j = 0; j < d; j++) {
            to[offset + j] += scale * decoders[s][row + j];
        }
    }

    public LanguageModel model() {
        return model;
    }

    public Transcoder transcoder() {
        return transcoder;
    }

    public ForwardPass pass() {
        return pass;
    }

    public ActiveFeatures features() {
        return features;
    }

    /** T. */
    public int positions() {
        return pass.positions();
    }

    /** Number of leading positions (BOS) without features and errors. */
    public int masked() {
        return masked;
    }

    /** The model's MLP output m_l, [T·d]. Not a copy. */
    public float[] output(int layer) {
        return outputs[layer];
    }

    /** The transcoder's m̂_l, [T·d], zero at masked positions. Not a copy. */
    public float[] reconstruction(int layer) {
        return reconstructions[layer];
    }

    /** e_l[p] = m_l[p] − m̂_l[p], [d]; zero at masked positions. */
    public float[] error(int layer, int position) {
        int d = model.config().width();
        float[] result = new float[d];
        if (position >= masked) {
            for (int j = 0; j < d; j++) {
                result[j] = outputs[layer][position * d + j] - reconstructions[layer][position * d + j];
            }
        }
        return result;
    }

    /** What a layer writes at unmasked positions from no node, [d]: b_dec, and what the skip makes of the norm's bias. */
    public float[] constant(int layer) {
        NDArray skip = transcoder.skip(layer);
        NDArray bias = transcoder.site().constant(model.layer(layer).mlpNorm());
        float[] constant = transcoder.decoderBias(layer).clone();
        if (skip != null && bias != null) {
            float[] through = bias.reshape(1, constant.length).matMul(skip).toFloatArray();
            for (int j = 0; j < constant.length; j++) {
                constant[j] += through[j];
            }
        }
        return constant;
    }

    /** Activation of a feature on the prompt; 0 where it is not active. */
    public float activation(int layer, int feature, int position) {
        for (int i = features.layerStart()[layer]; i < features.layerStart()[layer + 1]; i++) {
            if (features.position()[i] == position && features.index()[i] == feature) {
                return features.activation()[i];
            }
        }
        return 0;
    }

    /** z of a feature that need not be active. */
    public double preActivation(int layer, int feature, int position) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray input = transcoder.site().in(pass, layer).get(new NDIndex(position + ":" + (position + 1)));
            return transcoder.preActivations(layer, input).toFloatArray()[feature];
        }
    }

    /** Norms of the error vectors, [L·T], layer-major. */
    public float[] errorNorms() {
        int length = pass.positions();
        float[] norms = new float[outputs.length * length];
        for (int i = 0; i < norms.length; i++) {
            double sum = 0;
            for (float v : error(i / length, i % length)) {
                sum += (double) v * v;
            }
            norms[i] = (float) Math.sqrt(sum);
        }
        return norms;
    }

    /** Σ|m − m̂|² / Σ|m − mean m|² over the unmasked positions of one layer; 0 where m does not vary. */
    public double normalisedMse(int layer) {
        int d = model.config().width();
        int n = positions() - masked;
        double error = 0;
        double variance = 0;
        for (int j = 0; j < d; j++) {
            double sum = 0;
            double squares = 0;
            for (int p = masked; p < positions(); p++) {
                double m = outputs[layer][p * d + j];
                double e = m - reconstructions[layer][p * d + j];
                sum += m;
                squares += m * m;
                error += e * e;
            }
            variance += squares - sum * sum / Math.max(n, 1);
        }
        return variance <= 0 ? 0 : error / variance;
    }

    @Override
    public void close() {
        pass.close();
    }
}
