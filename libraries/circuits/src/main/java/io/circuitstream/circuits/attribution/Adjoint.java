package io.circuitstream.circuits.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import io.circuitstream.circuits.attribution.Sources.Run;
import io.circuitstream.circuits.model.Attention;
import io.circuitstream.circuits.model.Tensors;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * The transpose of the frozen, linear model (circuits.md §3): carries a batch of read vectors down the residual stream
 * and contracts it with everything that writes there. Nothing is differentiated; a layer is a handful of matrix
 * products. Thread-confined.
 */
final class Adjoint implements AutoCloseable {
    /** Products of a contraction that are on their way to Java at once: more positions wait. */
    private static final int MOST_PRODUCTS = 1 << 20;

    private final FrozenModel frozen;
    private final NDManager manager;
    private float[] products = new float[0];

    Adjoint(FrozenModel frozen) {
        this.frozen = frozen;
        this.manager = frozen.manager().newSubManager();
    }

    /**
     * Rows of B targets of one layer, without what was in them before.
     *
     * @param layer the targets read resid_mid of this layer; L for logits, which read the stream above the last layer
     * @param positions [B], ascending: where each target reads
     * @param vectors [B·d] read vectors
     */
    void rows(int layer, int[] positions, float[] vectors, DenseRows rows) {
        int batch = positions.length;
        int length = positions[batch - 1] + 1;
        rows.clear(batch);
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray read = Tensors.of(manager, vectors, batch, vectors.length / batch);
            NDArray g = layer < frozen.layers() && !frozen.parallel()
                    ? belowOwnAttention(frozen.layer(layer), positions, read, length, rows)
                    : at(positions, read, zeros(batch, length, frozen.width()));
            g = byPosition(g);
            for (int l = layer - 1; l >= 0; l--) {
                g = below(frozen.layer(l), g, length, rows);
            }
            contract(frozen.embeddings(), g, length, rows);
            // What left the scope of its layer does not end with this one either.
            g.close();
        }
    }

    private NDArray zeros(long... shape) {
        return manager.zeros(new ai.djl.ndarray.types.Shape(shape));
    }

    /** Adds each target's vector at its position of g [B,T',d]. */
    private static NDArray at(int[] positions, NDArray read, NDArray g) {
        for (int from = 0, to; from < positions.length; from = to) {
            to = from;
            while (to < positions.length && positions[to] == positions[from]) {
                to++;
            }
            NDArray targets = read.get(new NDIndex().addSliceDim(from, to));
            g.get(new NDIndex().addSliceDim(from, to).addIndices(positions[from]))
                    .addi(targets);
        }
        return g;
    }

    /** From [B,T',d] to [T',B,d]. */
    private static NDArray byPosition(NDArray g) {
        long batch = g.getShape().get(0);
        long length = g.getShape().get(1);
        long d = g.getShape().get(2);
        return g.transpose(1, 0, 2).reshape(length * batch, d).reshape(length, batch, d);
    }

    /**
     * g [B,T',d] below the attention of the targets' own layer. There each target is at one position only, so its heads' read
     * vectors are made once and the pattern spreads them: Σ_h P_h[p,k]·(r W_O_h W_V_h), a dh-th of the usual products.
     */
    private NDArray belowOwnAttention(FrozenLayer layer, int[] positions, NDArray read, int length, DenseRows rows) {
        Attention attention = layer.attention();
        int batch = positions.length;
        long d = frozen.width();
        int heads = attention.heads();
        int kvHeads = attention.kvHeads();
        float[] selected = new float[length * batch];
        for (int b = 0; b < batch; b++) {
            selected[positions[b] * batch + b] = 1;
        }
        NDArray selector = Tensors.of(manager, selected, length, batch);
        NDArray above = read;
        if (layer.postNorm() != null && layer.postScale() != null) {
            NDArray scale = layer.postScale()
                    .reshape(1, -1)
                    .get(new NDIndex().addAllDim().addSliceDim(0, length));
            above = layer.postNorm().transposed(read, scale.matMul(selector).reshape(batch, 1));
        }
        if (layer.constant() != null) {
            addTo(rows, above.matMul(layer.constant()));
        }
        NDArray perHead = above.matMul(layer.output())
                .reshape(batch, kvHeads, heads / kvHeads, attention.headWidth())
                .transpose(1, 0, 2, 3)
                .reshape(kvHeads, (long) batch * heads / kvHeads, attention.headWidth())
                .matMul(layer.value().reshape(kvHeads, attention.headWidth(), d))
                .reshape(kvHeads, batch, heads / kvHeads, d)
                .transpose(1, 0, 2, 3)
                .reshape(batch, heads, d);
        NDArray weights = pattern(layer, length).matMul(selector).transpose(2, 1, 0);
        return at(positions, read, weights.matMul(perHead));
    }

    private static NDArray pattern(FrozenLayer layer, int length) {
        return length == layer.pattern().getShape().get(2)
                ? layer.pattern()
                : layer.pattern()
                        .get(new NDIndex().addAllDim().addSliceDim(0, length).addSliceDim(0, length));
    }

    /** From g [T',B,d] above a layer's output site to g below its attention. */
    private NDArray below(FrozenLayer layer, NDArray g, int length, DenseRows rows) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            contract(layer.sources(), g, length, rows);
            NDArray mid = layer.skip() == null ? g : g.add(layer.skip().of(g, length));
            // Parallel attention reads what the MLP reads, so nothing of the skip passes through it.
            NDArray below = throughAttention(layer, frozen.parallel() ? g : mid, length, rows);
            below.addi(mid);
            NDScope.unregister(below);
            below.attach(manager);
            g.close();
            return below;
        }
    }

    /**
     * The norm after attention, g_v = P_hᵀ(g W_O_h) per head, then W_V_h and the norm before, transposed with their frozen
     * denominators: [T',B,d]. What attention yields whatever it looks at goes to the bias.
     */
    private NDArray throughAttention(FrozenLayer layer, NDArray above, int length, DenseRows rows) {
        Attention attention = layer.attention();
        long batch = above.getShape().get(1);
        long d = above.getShape().get(2);
        int heads = attention.heads();
        int kvHeads = attention.kvHeads();
        int headWidth = attention.headWidth();
        NDArray g = above;
        if (layer.postNorm() != null && layer.postScale() != null) {
            g = layer.postNorm().transposed(above, layer.postScale().get(new NDIndex().addSliceDim(0, length)));
        }
        if (layer.constant() != null) {
            addTo(rows, g.sum(new int[] {0}).matMul(layer.constant()));
        }
        NDArray mixed = g.reshape(length * batch, d)
                .matMul(layer.output())
                .reshape(length, batch, heads, headWidth)
                .transpose(2, 0, 1, 3)
                .reshape(heads, length, batch * headWidth);
        NDArray values = pattern(layer, length).matMul(mixed).reshape(heads, length, batch, headWidth);
        if (kvHeads < heads) {
            values = values.reshape(kvHeads, heads / kvHeads, length, batch, headWidth)
                    .sum(new int[] {1});
        }
        return values.transpose(1, 2, 0, 3)
                .reshape(length * batch, (long) kvHeads * headWidth)
                .matMul(layer.value())
                .reshape(length, batch, d);
    }

    private static void addTo(DenseRows rows, NDArray constants) {
        float[] read = constants.toFloatArray();
        for (int b = 0; b < read.length; b++) {
            rows.bias()[b] += read[b];
        }
    }

    private void contract(Sources sources, NDArray g, int length, DenseRows rows) {
        int batch = (int) g.getShape().get(1);
        int perPosition = batch * sources.slots();
        int block = Math.max(1, MOST_PRODUCTS / perPosition);
        for (int from = 0; from < length; from += block) {
            int to = Math.min(length, from + block);
            NDIndex positions = new NDIndex().addSliceDim(from, to);
            try (NDArray product = g.get(positions).matMul(sources.vectors().get(positions))) {
                FloatBuffer buffer = product.toByteBuffer(true)
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer();
                for (int p = from; p < to; p++) {
                    add(sources, p, read(buffer, (p - from) * perPosition, perPosition), batch, rows);
                }
            }
        }
    }

    private float[] read(FloatBuffer buffer, int from, int count) {
        if (products.length < count) {
            products = new float[count];
        }
        buffer.get(from, products, 0, count);
        return products;
    }

    private static void add(Sources sources, int position, float[] products, int batch, DenseRows rows) {
        int slots = sources.slots();
        for (int b = 0; b < batch; b++) {
            float[] row = rows.effects(b);
            for (Run run : sources.runs().get(position)) {
                int at = b * slots + run.slot();
                int node = run.node();
                for (int i = 0; i < run.length(); i++) {
                    row[node + i] += products[at + i];
                }
            }
            if (sources.constantSlot() >= 0) {
                rows.bias()[b] += products[b * slots + sources.constantSlot()];
            }
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
