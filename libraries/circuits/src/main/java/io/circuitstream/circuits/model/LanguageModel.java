package io.circuitstream.circuits.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.circuitstream.circuits.files.ContentHash;
import io.circuitstream.circuits.files.ModelFileException;
import java.nio.file.Path;

/**
 * A decoder-only language model: pre-norm attention and gated MLP on a residual stream (Llama). Holds the weights in
 * native memory until closed. Thread-safe: nothing is written after loading.
 *
 * <p>Weights keep Hugging Face's orientation, [out, in].
 */
public final class LanguageModel implements AutoCloseable {
    private final NDManager manager;
    private final ModelConfig config;
    private final Tokens tokens;
    private final String name;
    private final String hash;
    final NDArray embedding;
    final NDArray unembedding;
    final NDArray finalGain;
    final Layer[] layers;
    private long parameters;

    /** Weights of one layer, with the gains of the norms before attention and before the MLP. */
    record Layer(
            NDArray attentionGain,
            NDArray query,
            NDArray key,
            NDArray value,
            NDArray output,
            NDArray mlpGain,
            GatedMlp mlp) {}

    private LanguageModel(
            NDManager manager, Path folder, ModelConfig config, Tokens tokens, String hash, Weights weights) {
        this.manager = manager;
        this.config = config;
        this.tokens = tokens;
        this.name = folder.toAbsolutePath().normalize().getFileName().toString();
        this.hash = hash;
        int d = config.width();
        embedding = load(weights, "model.embed_tokens.weight", config.vocabulary(), d);
        unembedding = config.tiedEmbeddings() ? embedding : load(weights, "lm_head.weight", config.vocabulary(), d);
        finalGain = load(weights, "model.norm.weight", d);
        layers = new Layer[config.layers()];
        int q = config.heads() * config.headWidth();
        int kv = config.kvHeads() * config.headWidth();
        for (int l = 0; l < layers.length; l++) {
            String p = "model.layers." + l + ".";
            layers[l] = new Layer(
                    load(weights, p + "input_layernorm.weight", d),
                    load(weights, p + "self_attn.q_proj.weight", q, d),
                    load(weights, p + "self_attn.k_proj.weight", kv, d),
                    load(weights, p + "self_attn.v_proj.weight", kv, d),
                    load(weights, p + "self_attn.o_proj.weight", d, q),
                    load(weights, p + "post_attention_layernorm.weight", d),
                    new GatedMlp(
                            load(weights, p + "mlp.gate_proj.weight", config.hidden(), d),
                            load(weights, p + "mlp.up_proj.weight", config.hidden(), d),
                            load(weights, p + "mlp.down_proj.weight", d, config.hidden())));
        }
    }

    /** Only while it is made. */
    private NDArray load(Weights weights, String tensor, long... shape) {
        parameters += new Shape(shape).size();
        return Tensors.of(manager, weights.read(tensor, shape), shape);
    }

    /** Reads a Hugging Face folder. @throws ModelFileException naming file and tensor, and what to do */
    public static LanguageModel load(Path folder) {
        ModelConfig config = ModelConfig.read(folder);
        Weights weights = Weights.open(folder);
        checkShapes(folder, config, weights);
        Tokens tokens = Tokens.read(folder, config.bosTokenId());
        NDManager manager = NDManager.newBaseManager();
        try {
            String hash = ContentHash.ofFolder(folder, "config.json", "tokenizer.json", ".safetensors");
            return new LanguageModel(manager, folder, config, tokens, hash, weights);
        } catch (RuntimeException e) {
            manager.close();
            tokens.close();
            throw e;
        }
    }

    /** Before anything is allocated: the last tensor of the last layer is as likely to be wrong as the first. */
    private static void checkShapes(Path folder, ModelConfig c, Weights weights) {
        int d = c.width();
        long q = (long) c.heads() * c.headWidth();
        long kv = (long) c.kvHeads() * c.headWidth();
        weights.require("model.embed_tokens.weight", c.vocabulary(), d);
        if (!c.tiedEmbeddings()) {
            weights.require("lm_head.weight", c.vocabulary(), d);
        }
        weights.require("model.norm.weight", d);
        for (int l = 0; l < c.layers(); l++) {
            String p = "model.layers." + l + ".";
            weights.require(p + "input_layernorm.weight", d);
            weights.require(p + "self_attn.q_proj.weight", q, d);
            weights.require(p + "self_attn.k_proj.weight", kv, d);
            weights.require(p + "self_attn.v_proj.weight", kv, d);
            weights.require(p + "self_attn.o_proj.weight", d, q);
            weights.require(p + "post_attention_layernorm.weight", d);
            weights.require(p + "mlp.gate_proj.weight", c.hidden(), d);
            weights.require(p + "mlp.up_proj.weight", c.hidden(), d);
            weights.require(p + "mlp.down_proj.weight", d, c.hidden());
        }
        if (weights.has("model.layers." + c.layers() + ".input_layernorm.weight")) {
            throw new ModelFileException(
                    folder.resolve("config.json"),
                    "says " + c.layers() + " layers, the weights have more: config and weights do not belong together");
        }
    }

    public ModelConfig config() {
        return config;
    }

    public Tokens tokens() {
        return tokens;
    }

    /** The folder's name. */
    public String name() {
        return name;
    }

    /** Content hash of config, tokenizer and weights. */
    public String hash() {
        return hash;
    }

    /** Number of weights; tied embeddings count once. */
    public long parameters() {
        return parameters;
    }

    /** Parent of what is computed with this model. */
    public NDManager manager() {
        return manager;
    }

    /** [H·dh → d] output projections and [d → Hkv·dh] value projections are all that the adjoint needs of attention. */
    public NDArray outputProjection(int layer) {
        return layers[layer].output();
    }

    public NDArray valueProjection(int layer) {
        return layers[layer].value();
    }

    /** Gain [d] of the norm before attention. */
    public NDArray attentionGain(int layer) {
        return layers[layer].attentionGain();
    }

    /** Gain [d] of the norm before the MLP. */
    public NDArray mlpGain(int layer) {
        return layers[layer].mlpGain();
    }

    /** The MLP of a layer, for its hidden units and weights. */
    public GatedMlp mlp(int layer) {
        return layers[layer].mlp();
    }

    /**
     * What a layer's MLP adds to the stream, [n,d], on any n inputs.
     *
     * @param mlpIn [n,d] at mlp.hook_in: after the norm and its gain
     */
    public NDArray mlp(int layer, NDArray mlpIn) {
        TensorRuntime.enter();
        return mlp(layer).out(mlpIn);
    }

    /** Gain [d] of the norm before the unembedding. */
    public NDArray finalGain() {
        return finalGain;
    }

    /** [V, d]. */
    public NDArray unembedding() {
        return unembedding;
    }

    /** [V, d]. */
    public NDArray embedding() {
        return embedding;
    }

    @Override
    public void close() {
        manager.close();
        tokens.close();
    }
}
