package io.circuitstream.circuits.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.model.Attention;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.Layer;
import io.circuitstream.circuits.model.Tensors;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import org.jspecify.annotations.Nullable;

/**
 * The transpose of the frozen, linear model (circuits.md §3): carries a batch of read vectors down the residual stream
 * and contracts it with everything that writes there. Nothing is differentiated; a layer is a handful of matrix
 * products. Thread-confined.
 */
final class Adjoint implements AutoCloseable {
    private final LocalReplacementModel local;
    private final Nodes nodes;
    private final NDManager manager;
    private final Sources[] sources;
    private final Sources embeddings;
    private final NDArray[] valueWithGain;
    private final @Nullable NDArray[] attentionConstant;
    private final @Nullable SkipTranspose[] skips;

    Adjoint(LocalReplacementModel local, Nodes nodes) {
        this.local = local;
        this.nodes = nodes;
        this.manager = local.pass().manager().newSubManager();
        int layers = nodes.layers();
        this.sources = new Sources[layers];
        this.valueWithGain = new NDArray[layers];
        this.attentionConstant = new @Nullable NDArray[layers];
        this.skips = new @Nullable SkipTranspose[layers];
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            for (int l = 0; l < layers; l++) {
                Sources s = Sources.at(l, local, nodes);
                sources[l] = new Sources(Tensors.keep(manager, s.vectors()), s.column(), s.slots());
                Layer layer = local.model().layer(l);
                valueWithGain[l] = Tensors.keep(
                        manager,
                        layer.attention()
                                .value()
                                .weight()
                                .mul(layer.attentionNorm().gain()));
                NDArray constant =
                        layer.attention().constant(layer.attentionNorm().bias());
                attentionConstant[l] =
                        constant == null ? null : Tensors.keep(manager, constant.reshape(constant.size(), 1));
                skips[l] = SkipTranspose.of(l, local, manager);
            }
            Sources s = Sources.embeddings(local, nodes);
            embeddings = new Sources(Tensors.keep(manager, s.vectors()), s.column(), s.slots());
        }
    }

    /** Dense rows of one batch: effects [B][N] of every node and the bias [B] without b_enc. */
    record Rows(double[][] effects, double[] bias) {}

    /**
     * Rows of B targets of one layer.
     *
     * @param layer the targets read resid_mid of this layer; L for logits, which read the stream above the last layer
     * @param positions [B], ascending: where each target reads
     * @param vectors [B·d] read vectors
     */
    Rows rows(int layer, int[] positions, float[] vectors) {
        int batch = positions.length;
        int length = positions[batch - 1] + 1;
        Rows rows = new Rows(new double[batch][nodes.count()], new double[batch]);
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray g = inject(positions, vectors, length);
            boolean parallel = local.model().config().parallel();
            if (layer < nodes.layers() && !parallel) {
                g = g.add(throughAttention(layer, g, length, rows));
            }
            for (int l = layer - 1; l >= 0; l--) {
                try (NDScope step = new NDScope()) {
                    step.suppressNotUsedWarning();
                    contract(sources[l], g, length, rows);
                    SkipTranspose skip = skips[l];
                    NDArray mid = skip == null ? g : g.add(skip.of(g, length));
                    // Parallel attention reads what the MLP reads, so nothing of the skip passes through it.
                    NDArray below = mid.add(throughAttention(l, parallel ? g : mid, length, rows));
                    NDScope.unregister(below);
                    below.attach(manager);
                    g.close();
                    g = below;
                }
            }
            contract(embeddings, g, length, rows);
            g.close();
        }
        return rows;
    }

    /** g [T',B,d], zero but for each target's read vector at its position. */
    private NDArray inject(int[] positions, float[] vectors, int length) {
        int batch = positions.length;
        int d = vectors.length / batch;
        float[] g = new float[length * batch * d];
        for (int b = 0; b < batch; b++) {
            System.arraycopy(vectors, b * d, g, (positions[b] * batch + b) * d, d);
        }
        return Tensors.of(manager, g, length, batch, d);
    }

    /**
     * The norm after attention, g_v = P_hᵀ(g W_O_h) per head, then W_V_h and the norm before, transposed with their frozen
     * denominators. What attention yields whatever it looks at goes to the bias.
     */
    private NDArray throughAttention(int l, NDArray above, int length, Rows rows) {
        Layer layer = local.model().layer(l);
        Attention attention = layer.attention();
        ForwardPass pass = local.pass();
        NDIndex positions = new NDIndex("0:" + length);
        long batch = above.getShape().get(1);
        long d = above.getShape().get(2);
        NDArray g = above;
        NDArray postScale = pass.attentionPostScale()[l];
        if (layer.attentionPostNorm() != null && postScale != null) {
            g = layer.attentionPostNorm()
                    .transposed(above, postScale.get(positions).reshape(length, 1, 1));
        }
        addConstant(attentionConstant[l], g, rows);
        int heads = attention.heads();
        int kvHeads = attention.kvHeads();
        int headWidth = attention.headWidth();
        NDArray mixed = g.reshape(length * batch, d)
                .matMul(attention.output().weight())
                .reshape(length, batch, heads, headWidth)
                .transpose(2, 0, 1, 3)
                .reshape(heads, length, batch * headWidth);
        NDArray pattern = pass.patterns()[l]
                .get(new NDIndex(":,0:" + length + ",0:" + length))
                .swapAxes(1, 2);
        NDArray values = pattern.matMul(mixed).reshape(heads, length, batch, headWidth);
        if (kvHeads < heads) {
            values = values.reshape(kvHeads, heads / kvHeads, length, batch, headWidth)
                    .sum(new int[] {1});
        }
        NDArray scale = pass.attentionScale()[l].get(positions).reshape(length, 1, 1);
        NDArray read = values.transpose(1, 2, 0, 3)
                .reshape(length * batch, (long) kvHeads * headWidth)
                .matMul(valueWithGain[l])
                .reshape(length, batch, d);
        return layer.attentionNorm().transposedNormalised(read, scale);
    }

    /** Adds Σ_p g[p]·constant to the bias of each target. */
    private static void addConstant(@Nullable NDArray constant, NDArray g, Rows rows) {
        if (constant != null) {
            float[] read = g.sum(new int[] {0}).matMul(constant).toFloatArray();
            for (int b = 0; b < read.length; b++) {
                rows.bias()[b] += read[b];
            }
        }
    }

    private static void contract(Sources sources, NDArray g, int length, Rows rows) {
        int batch = rows.bias().length;
        float[] products =
                g.matMul(sources.vectors().get(new NDIndex("0:" + length))).toFloatArray();
        int slots = sources.slots();
        for (int p = 0; p < length; p++) {
            for (int b = 0; b < batch; b++) {
                int at = (p * batch + b) * slots;
                double[] row = rows.effects()[b];
                for (int s = 0; s < slots; s++) {
                    int column = sources.column()[p * slots + s];
                    if (column >= 0) {
                        row[column] += products[at + s];
                    } else if (column == Sources.BIAS) {
                        rows.bias()[b] += products[at + s];
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
