package io.circuitstream.circuits.graph;

/**
 * What a graph is computed from: a logit, or another readout of the model.
 *
 * @param tokenId of what reads no single token: beyond the vocabulary, counted from its size on
 * @param token as text; a label where it is no token
 * @param probability weight in every influence; of a token its softmax probability
 */
public record LogitTarget(int tokenId, String token, float probability, Readout readout) {

    /** A token's logit. */
    public LogitTarget(int tokenId, String token, float probability) {
        this(tokenId, token, probability, new Readout.Token(tokenId));
    }
}
