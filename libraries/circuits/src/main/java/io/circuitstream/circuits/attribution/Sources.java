package io.circuitstream.circuits.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.model.Tensors;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the nodes write at one output site: per position a block of vectors (the features that write there, the error,
 * the constant that has no node), padded to the longest block, so that one batched product contracts all of them.
 *
 * @param vectors [T, d, n]
 * @param runs per position, which slots are which nodes
 * @param constantSlot of the vector without a node; −1 for none
 */
record Sources(NDArray vectors, List<List<Run>> runs, int constantSlot) {

    /** Slots whose nodes follow one another: features of one layer and position do. */
    record Run(int slot, int node, int length) {}

    /** n. */
    int slots() {
        return (int) vectors.getShape().get(2);
    }

    /** The sources that write at the output of a layer; they live as long as the manager. */
    static Sources at(int layer, LocalReplacementModel local, Nodes nodes, NDManager manager) {
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
        List<List<Run>> runs = new ArrayList<>();
        for (int p = 0; p < length; p++) {
            runs.add(new ArrayList<>(List.of(new Run(slots - 2, nodes.error(layer, p), 1))));
        }
        Arrays.fill(used, 0);
        for (int i = from; i < to; i++) {
            int p = features.position()[i];
            int slot = used[p]++;
            local.addWrite(i, layer, features.activation()[i], vectors, (p * slots + slot) * d);
            append(runs.get(p), slot, i);
        }
        float[] unmasked = local.constant(layer);
        for (int p = 0; p < length; p++) {
            int error = p * slots + slots - 2;
            System.arraycopy(local.error(layer, p), 0, vectors, error * d, d);
            // No features and no error at a masked position: the whole output of the MLP is a constant there.
            boolean masked = p < local.masked();
            System.arraycopy(masked ? local.output(layer) : unmasked, masked ? p * d : 0, vectors, (error + 1) * d, d);
        }
        NDArray blocks = Tensors.of(manager, vectors, length, slots, d);
        return new Sources(Tensors.keep(manager, blocks.transpose(0, 2, 1)), runs, slots - 1);
    }

    private static void append(List<Run> runs, int slot, int node) {
        Run last = runs.get(runs.size() - 1);
        if (last.slot + last.length == slot && last.node + last.length == node) {
            runs.set(runs.size() - 1, new Run(last.slot, last.node, last.length + 1));
        } else {
            runs.add(new Run(slot, node, 1));
        }
    }

    /** What writes at the bottom: token embeddings, and learned positions, which have no node. */
    static Sources embeddings(LocalReplacementModel local, Nodes nodes, NDManager manager) {
        int length = local.positions();
        int d = local.model().config().width();
        NDArray positions = local.model().positions();
        NDArray vectors = local.model().embed(local.pass().tokens()).reshape(length, d, 1);
        if (positions != null) {
            vectors = vectors.concat(positions.get(new NDIndex("0:" + length)).reshape(length, d, 1), 2);
        }
        List<List<Run>> runs = new ArrayList<>();
        for (int p = 0; p < length; p++) {
            runs.add(List.of(new Run(0, nodes.firstToken() + p, 1)));
        }
        return new Sources(Tensors.keep(manager, vectors), runs, positions == null ? -1 : 1);
    }
}
