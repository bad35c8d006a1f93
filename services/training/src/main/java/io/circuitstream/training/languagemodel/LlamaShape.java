package io.circuitstream.training.languagemodel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sizes of a Llama without grouped queries, biases or tied embeddings.
 *
 * @param width residual width d; {@code heads} divides it into heads of even width
 * @param hidden width of the gated MLP
 */
public record LlamaShape(int layers, int width, int heads, int hidden, int vocabulary, float epsilon, float ropeTheta) {
    static final String EMBEDDING = "model.embed_tokens.weight";
    static final String FINAL_NORM = "model.norm.weight";
    static final String UNEMBEDDING = "lm_head.weight";

    public LlamaShape {
        if (layers < 1 || width < 2 || heads < 1 || hidden < 1 || vocabulary < 1) {
            throw new IllegalArgumentException("every size of a model must be positive");
        }
        if (width % heads != 0 || width / heads % 2 != 0) {
            throw new IllegalArgumentException(
                    "width " + width + " cannot be cut into " + heads + " heads of even width");
        }
    }

    /** The architecture that ships, for a vocabulary. */
    public static LlamaShape tiny(int layers, int vocabulary) {
        return new LlamaShape(layers, 128, 4, 320, vocabulary, 1e-5f, 10_000f);
    }

    int headWidth() {
        return width / heads;
    }

    static String inLayer(int layer, String part) {
        return "model.layers." + layer + "." + part + ".weight";
    }

    /** Every tensor's Hugging Face name and shape, bottom of the model first. */
    Map<String, long[]> tensors() {
        Map<String, long[]> tensors = new LinkedHashMap<>();
        tensors.put(EMBEDDING, new long[] {vocabulary, width});
        for (int layer = 0; layer < layers; layer++) {
            tensors.put(inLayer(layer, "input_layernorm"), new long[] {width});
            for (String projection : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
                tensors.put(inLayer(layer, "self_attn." + projection), new long[] {width, width});
            }
            tensors.put(inLayer(layer, "post_attention_layernorm"), new long[] {width});
            tensors.put(inLayer(layer, "mlp.gate_proj"), new long[] {hidden, width});
            tensors.put(inLayer(layer, "mlp.up_proj"), new long[] {hidden, width});
            tensors.put(inLayer(layer, "mlp.down_proj"), new long[] {width, hidden});
        }
        tensors.put(FINAL_NORM, new long[] {width});
        tensors.put(UNEMBEDDING, new long[] {vocabulary, width});
        return tensors;
    }

    /** Number of weights. */
    public long parameters() {
        return new ArrayList<>(tensors().values())
                .stream().mapToLong(LlamaShape::elements).sum();
    }

    static long elements(long[] shape) {
        long product = 1;
        for (long size : shape) {
            product *= size;
        }
        return product;
    }
}
