package io.circuitstream.audit.behaviour.digest;

import io.circuitstream.events.NodeKind;
import java.util.List;

/**
 * A node without its position as one number: kind, layer + 1 in 16 bits, feature + 1 in 33. Features of a higher layer are greater.
 * Errors of one layer are one node, and so are all tokens, and all logits.
 */
public final class NodeCode {
    private static final int FEATURE_BITS = 33;
    private static final int LAYER_BITS = 16;
    /** Their places are part of the codes: new ones go to the end. */
    private static final List<NodeKind> KINDS =
            List.of(NodeKind.UNKNOWN, NodeKind.FEATURE, NodeKind.ERROR, NodeKind.TOKEN, NodeKind.LOGIT);

    private NodeCode() {}

    /** The code of a node. @throws IllegalArgumentException for a layer or feature that no node can have */
    public static long of(NodeKind kind, int layer, int feature) {
        int kept = kind == NodeKind.FEATURE ? feature : -1;
        if (layer < -1 || layer >= (1 << LAYER_BITS) - 1 || kept < -1) {
            throw new IllegalArgumentException("a " + kind + " of layer " + layer + ", feature " + feature);
        }
        return ((long) KINDS.indexOf(kind) << (LAYER_BITS + FEATURE_BITS))
                | ((layer + 1L) << FEATURE_BITS)
                | (kept + 1L);
    }

    public static NodeKind kind(long code) {
        return KINDS.get((int) (code >>> (LAYER_BITS + FEATURE_BITS)));
    }

    public static int layer(long code) {
        return (int) ((code >>> FEATURE_BITS) & ((1 << LAYER_BITS) - 1)) - 1;
    }

    /** −1 for everything that is no feature. */
    public static int feature(long code) {
        return (int) ((code & ((1L << FEATURE_BITS) - 1)) - 1);
    }
}
