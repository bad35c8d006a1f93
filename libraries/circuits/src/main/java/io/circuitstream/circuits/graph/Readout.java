package io.circuitstream.circuits.graph;

/** What a target reads of the model: linear in the residual stream while norms are frozen. */
public sealed interface Readout {

    /** A token's logit at the last position, minus the mean of the vocabulary, before a soft-cap. */
    record Token(int id) implements Readout {}

    /** One token's logit at the last position minus another's, before a soft-cap. */
    record Difference(int plus, int minus) implements Readout {}

    /**
     * The dot product with what the unembedding reads at the last position.
     *
     * @param values [d]
     */
    record Vector(String label, float[] values) implements Readout {}

    /** The pre-activation of a feature, which need not be active. */
    record Feature(int layer, int feature, int position) implements Readout {}
}
