package io.circuitstream.training.transcoder;

/**
 * What the MLPs of a model read and wrote, token by token, normalised.
 *
 * @see ActivationCollector
 */
final class Activations {
    final int tokens;
    final TranscoderSites sites;
    /** By layer, {@code [tokens, width]}. */
    final float[][] inputs;
    /** By layer, {@code [tokens, width]}. */
    final float[][] outputs;

    private Activations(int tokens, TranscoderSites sites, float[][] inputs, float[][] outputs) {
        this.tokens = tokens;
        this.sites = sites;
        this.inputs = inputs;
        this.outputs = outputs;
    }

    /** Takes raw sites over and normalises them in place. */
    static Activations normalised(int tokens, float[][] inputs, float[][] outputs) {
        return new Activations(tokens, TranscoderSites.normalise(tokens, inputs, outputs), inputs, outputs);
    }
}
