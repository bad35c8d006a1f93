package io.circuitstream.training.transcoder;

import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.training.Progress;
import io.circuitstream.training.documents.Document;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * What the MLPs of a model read and wrote, token by token, normalised. Read-only: several runs can share it. Takes
 * {@code 8 · layers · width} bytes a token, half as much again with Jacobians.
 */
public final class Activations {
    final int tokens;
    final TranscoderSites sites;
    /** By layer and token, {@code [width]}. */
    final float[][][] inputs;
    /** By layer and token, {@code [width]}. */
    final float[][][] outputs;
    /**
     * By layer and token, {@code [width]}: {@code J v}, the MLP's Jacobian at this input times the direction of
     * {@link JacobianTerm#direction}, in normalised units. No layers where it was not wanted.
     */
    final float[][][] jacobians;
    /** SHA-256 (hex) of the documents' token ids: the corpus, as far as it was used. */
    final String digest;

    private Activations(
            int tokens,
            TranscoderSites sites,
            float[][][] inputs,
            float[][][] outputs,
            float[][][] jacobians,
            String digest) {
        this.tokens = tokens;
        this.sites = sites;
        this.inputs = inputs;
        this.outputs = outputs;
        this.jacobians = jacobians;
        this.digest = digest;
    }

    /**
     * Runs the model over documents, two at a time, and keeps all tokens but BOS.
     *
     * @param tokens how many are wanted; all there are if the documents end before
     * @param withJacobians also keeps what Jacobian matching needs
     * @throws IllegalArgumentException if they do not fit into the heap, or the site has no Jacobian matching
     */
    public static Activations collect(
            LanguageModel model,
            InputSite site,
            Iterator<Document> documents,
            int tokens,
            boolean withJacobians,
            Consumer<Progress> progress) {
        long start = System.nanoTime();
        return new ActivationCollector(model, site, tokens, withJacobians)
                .collect(
                        documents,
                        done -> progress.accept(
                                Progress.since(start, "collect-activations", done, tokens, done, 0, "")));
    }

    public int tokens() {
        return tokens;
    }

    /** Takes raw sites over and normalises them in place. {@code jacobians} are for raw units, or empty. */
    static Activations normalised(float[][][] inputs, float[][][] outputs, float[][][] jacobians, String digest) {
        TranscoderSites sites = TranscoderSites.normalise(inputs, outputs);
        for (int layer = 0; layer < jacobians.length; layer++) {
            float scale = sites.inputScale[layer] / sites.outputScale[layer];
            for (float[] row : jacobians[layer]) {
                for (int i = 0; i < row.length; i++) {
                    row[i] *= scale;
                }
            }
        }
        return new Activations(inputs[0].length, sites, inputs, outputs, jacobians, digest);
    }
}
