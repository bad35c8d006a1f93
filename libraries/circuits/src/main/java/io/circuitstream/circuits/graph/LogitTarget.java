package io.circuitstream.circuits.graph;

/**
 * A logit from which a graph is computed.
 *
 * @param probability softmax probability; also the weight of the target in every influence
 */
public record LogitTarget(int tokenId, String token, float probability) {}
