package io.circuitstream.circuits.graph;

import io.circuitstream.circuits.replacement.ActiveFeatures;
import java.util.List;

/**
 * The nodes of an attribution graph: F features ascending by (layer, position, index), L·T errors layer-major, T token
 * embeddings, K logits (circuits.md §2). Masked positions keep their error nodes so that the order is circuit-tracer's.
 *
 * @param layers L
 * @param masked leading positions without features and errors
 * @param tokenIds length T
 * @param errorNorm [L·T]
 */
public record Nodes(
        int layers,
        int masked,
        int[] tokenIds,
        List<String> tokens,
        ActiveFeatures features,
        float[] errorNorm,
        List<LogitTarget> targets) {

    /** What a node is, with its code in saved graphs. */
    public enum Kind {
        FEATURE(0),
        ERROR(1),
        TOKEN(2),
        LOGIT(3);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }
    }

    /** T. */
    public int positions() {
        return tokenIds.length;
    }

    /** F. */
    public int featureCount() {
        return features.count();
    }

    /** Index of the first error node. */
    public int firstError() {
        return features.count();
    }

    /** Index of the first token node. */
    public int firstToken() {
        return features.count() + layers * positions();
    }

    /** Index of the first logit node. */
    public int firstLogit() {
        return firstToken() + positions();
    }

    /** N. */
    public int count() {
        return firstLogit() + targets.size();
    }

    public int error(int layer, int position) {
        return firstError() + layer * positions() + position;
    }

    public Kind kind(int node) {
        if (node < firstError()) {
            return Kind.FEATURE;
        }
        return node < firstToken() ? Kind.ERROR : node < firstLogit() ? Kind.TOKEN : Kind.LOGIT;
    }

    /** Layer; −1 for tokens, L for logits. */
    public int layer(int node) {
        return switch (kind(node)) {
            case FEATURE -> features.layer()[node];
            case ERROR -> (node - firstError()) / positions();
            case TOKEN -> -1;
            case LOGIT -> layers;
        };
    }

    public int position(int node) {
        return switch (kind(node)) {
            case FEATURE -> features.position()[node];
            case ERROR -> (node - firstError()) % positions();
            case TOKEN -> node - firstToken();
            case LOGIT -> positions() - 1;
        };
    }

    /** Feature index; token id for tokens and logits; −1 for errors. */
    public int feature(int node) {
        return switch (kind(node)) {
            case FEATURE -> features.index()[node];
            case ERROR -> -1;
            case TOKEN -> tokenIds[node - firstToken()];
            case LOGIT -> targets.get(node - firstLogit()).tokenId();
        };
    }

    /** Activation of a feature, norm of an error, 1 for a token, probability of a logit. */
    public float value(int node) {
        return switch (kind(node)) {
            case FEATURE -> features.activation()[node];
            case ERROR -> errorNorm[node - firstError()];
            case TOKEN -> 1;
            case LOGIT -> targets.get(node - firstLogit()).probability();
        };
    }

    /** Neuronpedia's node id; unlike circuit-tracer's, an error's never equals a feature's. */
    public String id(int node) {
        int layer = layer(node);
        int position = position(node);
        int feature = feature(node);
        return switch (kind(node)) {
            case FEATURE -> layer + "_" + feature + "_" + position;
            case ERROR -> layer + "_error_mlp_" + position;
            case TOKEN -> "E_" + feature + "_" + position;
            case LOGIT -> (layers + 1) + "_" + feature + "_" + position;
        };
    }

    /** Weight w of a node in every influence: the probability on logits, 0 elsewhere. */
    public double weight(int node) {
        return node < firstLogit() ? 0 : targets.get(node - firstLogit()).probability();
    }
}
