package io.circuitstream.circuits.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.model.Tensors;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import java.util.Arrays;

/**
 * What the nodes write at one output site: per position a block of vectors (the features that write there, the error,
 * the constant that has no node), padded to the longest block, so that one batched product contracts all of them.
 *
 * @param vectors [T, d, n]
 * @param column node of each slot, [T·n]; {@link #BIAS} for the constant, {@link #NONE} for padding
 * @param slots n
 */
record Sources(NDArray vectors, int[] column, int slots) {
    static final int BIAS = -1;
    static final int NONE = -2;

    /** The sources that write at the output of a layer. */
    static Sources at(int layer, LocalReplacementModel local, Nodes nodes) {
        int length = local.positions();
        int d = local.model().config().width();
        int firstLayer =
                switch (local.transcoder().kind()) {
                    case CROSS_LAYER -> 0;
                    case PER_LAYER -> layer;
                };
        ActiveFeatures features = local.features();
        int from = features.layerStart()[firstLayer];
        int to = features.layerStart()[layer + 1];
        int[] used = new int[length];
        for (int i = from; i < to; i++) {
            used[features.position()[i]]++;
        }
        int slots = Arrays.stream(used).max().orElse(0) + 2;
        float[] vectors = new float[length * slots * d];
        int[] column = new int[length * slots];
        Arrays.fill(column, NONE);
        Arrays.fill(used, 0);
        for (int i = from; i < to; i++) {
            int slot = features.position()[i] * slots + used[features.position()[i]]++;
            local.addWrite(i, layer, features.activation()[i], vectors, slot * d);
            column[slot] = i;
        }
        float[] unmasked = local.constant(layer);
        for (int p = 0; p < length; p++) {
            int error = p * slots + slots - 2;
            System.arraycopy(local.error(layer, p), 0, vectors, error * d, d);
            column[error] = nodes.error(layer, p);
            // No features and no error at a masked position: the whole output of the MLP is a constant there.
            boolean masked = p < local.masked();
            System.arraycopy(masked ? local.output(layer) : unmasked, masked ? p * d : 0, vectors, (error + 1) * d, d);
            column[error + 1] = BIAS;
        }
        NDArray blocks = Tensors.of(local.pass().manager(), vectors, length, slots, d);
        return new Sources(blocks.transpose(0, 2, 1), column, slots);
    }

    /** What writes at the bottom: token embeddings, and learned positions, which have no node. */
    static Sources embeddings(LocalReplacementModel local, Nodes nodes) {
        int length = local.positions();
        int d = local.model().config().width();
        NDArray positions = local.model().positions();
        int slots = positions == null ? 1 : 2;
        int[] column = new int[length * slots];
        Arrays.fill(column, BIAS);
        for (int p = 0; p < length; p++) {
            column[p * slots] = nodes.firstToken() + p;
        }
        NDArray vectors = local.model().embed(local.pass().tokens()).reshape(length, d, 1);
        if (positions != null) {
            vectors = vectors.concat(positions.get(new NDIndex("0:" + length)).reshape(length, d, 1), 2);
        }
        return new Sources(vectors, column, slots);
    }
}
