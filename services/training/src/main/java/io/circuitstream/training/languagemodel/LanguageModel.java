package io.circuitstream.training.languagemodel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.circuitstream.training.corpus.PackedBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A Llama as DJL arrays: RMSNorm, rotary positions in Hugging Face's half-rotation convention, gated MLP, no biases. Owns
 * its arrays until closed. Not thread-safe.
 *
 * <p>Scalars in the forward pass are arrays, never Java numbers, and long-lived arrays are duplicated: DJL lends the
 * engine Java buffers that do not live as long as the graph (djl.md, trap 1).
 */
public final class LanguageModel implements AutoCloseable {
    private final LlamaShape shape;
    private final NDManager manager;
    private final List<Layer> layers = new ArrayList<>();
    private final NDArray embedding;
    private final NDArray finalNorm;
    private final NDArray unembedding;
    private final NDArray epsilon;
    private final NDArray scoreScale;
    private final NDArray rotation;

    /** Query, key and value projections are one array [3d, d], gate and up projections another [2h, d]. */
    private record Layer(
            NDArray attentionNorm,
            NDArray queryKeyValue,
            NDArray attentionOutput,
            NDArray mlpNorm,
            NDArray gateUp,
            NDArray down) {}

    private LanguageModel(LlamaShape shape, WeightSource weights) {
        this.shape = shape;
        this.manager = NDManager.newBaseManager();
        long d = shape.width();
        embedding = array(weights.read(LlamaShape.EMBEDDING), shape.vocabulary(), d);
        for (int layer = 0; layer < shape.layers(); layer++) {
            layers.add(new Layer(
                    array(weights.read(LlamaShape.inLayer(layer, "input_layernorm")), d),
                    stacked(weights, layer, "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
                    array(weights.read(LlamaShape.inLayer(layer, "self_attn.o_proj")), d, d),
                    array(weights.read(LlamaShape.inLayer(layer, "post_attention_layernorm")), d),
                    stacked(weights, layer, "mlp.gate_proj", "mlp.up_proj"),
                    array(weights.read(LlamaShape.inLayer(layer, "mlp.down_proj")), d, shape.hidden())));
        }
        finalNorm = array(weights.read(LlamaShape.FINAL_NORM), d);
        unembedding = array(weights.read(LlamaShape.UNEMBEDDING), shape.vocabulary(), d);
        epsilon = manager.full(new Shape(), shape.epsilon());
        scoreScale = manager.full(new Shape(), (float) (1 / Math.sqrt(shape.headWidth())));
        rotation = array(RotaryPositions.halfRotation(shape.headWidth()), shape.headWidth(), shape.headWidth());
    }

    /** A model with random weights; the same seed gives the same weights. */
    public static LanguageModel random(LlamaShape shape, long seed) {
        return new LanguageModel(shape, WeightSource.random(shape, new Random(seed)));
    }

    public LlamaShape shape() {
        return shape;
    }

    public NDManager manager() {
        return manager;
    }

    /** Logits {@code [rows, length, vocabulary]}; the caller's {@code NDScope} owns what is allocated here. */
    public NDArray logits(PackedBatch batch) {
        long rows = batch.rows();
        long length = batch.length();
        NDArray tokens = manager.create(batch.tokens(), new Shape(rows, length));
        NDArray mask =
                manager.create(batch.mask(), new Shape(rows, 1, length, length)).duplicate();
        RotaryPositions positions = RotaryPositions.of(manager, batch.length(), shape.headWidth(), shape.ropeTheta());
        NDArray x = JniUtils.embedding((PtNDArray) tokens, (PtNDArray) embedding, false);
        for (int l = 0; l < layers.size(); l++) {
            Layer layer = layers.get(l);
            x = x.add(attention(layer, norm(x, layer.attentionNorm), mask, positions));
            x = x.add(mlp(layer, norm(x, layer.mlpNorm)));
        }
        return linear(norm(x, finalNorm), unembedding);
    }

    private NDArray attention(Layer layer, NDArray x, NDArray mask, RotaryPositions positions) {
        long rows = x.getShape().get(0);
        long length = x.getShape().get(1);
        NDArray queryKeyValue = linear(x, layer.queryKeyValue)
                .reshape(rows, length, 3, shape.heads(), shape.headWidth())
                .transpose(2, 0, 3, 1, 4);
        NDArray queryKey = queryKeyValue.get(new NDIndex("0:2"));
        queryKey =
                queryKey.mul(positions.cosine()).add(queryKey.matMul(rotation).mul(positions.sine()));
        NDArray pattern = queryKey.get(0)
                .matMul(queryKey.get(1).swapAxes(2, 3))
                .mul(scoreScale)
                .add(mask)
                .softmax(-1);
        NDArray mixed = pattern.matMul(queryKeyValue.get(2)).transpose(0, 2, 1, 3);
        return linear(mixed.reshape(rows, length, shape.width()), layer.attentionOutput);
    }

    /** {@code W_down (silu(W_gate x) ∘ W_up x)}. */
    private NDArray mlp(Layer layer, NDArray x) {
        int h = shape.hidden();
        NDArray both = linear(x, layer.gateUp);
        NDArray gate = both.get(new NDIndex("...,0:" + h));
        NDArray up = both.get(new NDIndex("...," + h + ":" + 2 * h));
        return linear(gate.mul(JniUtils.sigmoid((PtNDArray) gate)).mul(up), layer.down);
    }

    /** {@code x / sqrt(mean x² + ε) ∘ gain}. */
    private NDArray norm(NDArray x, NDArray gain) {
        return x.div(x.square().mean(new int[] {-1}, true).add(epsilon).sqrt()).mul(gain);
    }

    private static NDArray linear(NDArray x, NDArray weight) {
        return JniUtils.linear((PtNDArray) x, (PtNDArray) weight, null);
    }

    /** The arrays training changes. Matrices have two dimensions, gains one. */
    List<NDArray> parameters() {
        List<NDArray> all = new ArrayList<>(List.of(embedding, unembedding, finalNorm));
        for (Layer layer : layers) {
            all.addAll(List.of(
                    layer.attentionNorm,
                    layer.queryKeyValue,
                    layer.attentionOutput,
                    layer.mlpNorm,
                    layer.gateUp,
                    layer.down));
        }
        return all;
    }

    /** A copy of every weight by Hugging Face name; shapes are those of {@link LlamaShape#tensors()}. */
    Map<String, float[]> weights() {
        Map<String, float[]> weights = new LinkedHashMap<>();
        weights.put(LlamaShape.EMBEDDING, embedding.toFloatArray());
        for (int l = 0; l < layers.size(); l++) {
            Layer layer = layers.get(l);
            weights.put(LlamaShape.inLayer(l, "input_layernorm"), layer.attentionNorm.toFloatArray());
            putParts(weights, l, layer.queryKeyValue, "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj");
            weights.put(LlamaShape.inLayer(l, "self_attn.o_proj"), layer.attentionOutput.toFloatArray());
            weights.put(LlamaShape.inLayer(l, "post_attention_layernorm"), layer.mlpNorm.toFloatArray());
            putParts(weights, l, layer.gateUp, "mlp.gate_proj", "mlp.up_proj");
            weights.put(LlamaShape.inLayer(l, "mlp.down_proj"), layer.down.toFloatArray());
        }
        weights.put(LlamaShape.FINAL_NORM, finalNorm.toFloatArray());
        weights.put(LlamaShape.UNEMBEDDING, unembedding.toFloatArray());
        return weights;
    }

    private static void putParts(Map<String, float[]> weights, int layer, NDArray stacked, String... names) {
        float[] values = stacked.toFloatArray();
        int size = values.length / names.length;
        for (int i = 0; i < names.length; i++) {
            float[] part = new float[size];
            System.arraycopy(values, i * size, part, 0, size);
            weights.put(LlamaShape.inLayer(layer, names[i]), part);
        }
    }

    private NDArray stacked(WeightSource weights, int layer, String... names) {
        NDList parts = new NDList();
        for (String name : names) {
            float[] values = weights.read(LlamaShape.inLayer(layer, name));
            parts.add(array(values, values.length / shape.width(), shape.width()));
        }
        NDArray stacked = NDArrays.concat(parts, 0);
        parts.close();
        return stacked;
    }

    private NDArray array(float[] values, long... size) {
        try (NDArray borrowed = manager.create(values, new Shape(size))) {
            return borrowed.duplicate();
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
