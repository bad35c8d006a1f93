package io.circuitstream.circuits.export;

/**
 * How the error nodes of a graph file are named. Everything else has the same id in both dialects: features
 * {@code {l}_{f}_{p}}, embeddings {@code E_{token}_{p}}, logits {@code {L+1}_{token}_{T−1}}.
 */
public enum IdDialect {
    /** {@code {l}_error_mlp_{p}}: ours and Neuronpedia's, where an id is a key and nobody looks into it. */
    CIRCUITSTREAM,

    /**
     * {@code {l}_-1_{p}}: three integers, layer, feature (−1, as in the node's own {@code feature}) and position. That is
     * the shape into which circuit-tracer's {@code decode_url_features} splits pinned ids and the members of supernodes; on
     * any other it fails. circuit-tracer itself writes {@code 0_{l}_{p}}, which is also the id of feature l of layer 0: with
     * both in one file its page draws every edge of the feature at the error. We read that and never write it.
     */
    CIRCUIT_TRACER;

    public String error(int layer, int position) {
        return layer + (this == CIRCUITSTREAM ? "_error_mlp_" : "_-1_") + position;
    }
}
