package io.circuitstream.circuits.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.circuitstream.circuits.files.ContentHash;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decoder-only language model: attention and MLPs on a residual stream, of any family in {@link ModelConfig#SUPPORTED}.
 * Holds the weights in native memory until closed. Thread-safe: nothing is written after loading.
 */
public final class LanguageModel implements AutoCloseable {
    /**
     * What decides which numbers a request yields. tokenizer_config.json (its name ends like config.json's) and the chat template
     * count: from the same text or messages they make other token ids, and other masked positions.
     */
    private static final String[] HASHED = {"config.json", "tokenizer.json", "chat_template.jinja", ".safetensors"};

    private final NDManager manager;
    private final ModelConfig config;
    private final Tokens tokens;
    private final MaskedPositions masked;
    private final String name;
    private final String hash;
    private final NDArray embedding;
    private final NDArray unembedding;
    private final @Nullable NDArray positions;
    private final Norm finalNorm;
    private final List<Layer> layers = new ArrayList<>();
    private final long parameters;

    private LanguageModel(
            NDManager manager, Path folder, ModelConfig config, Tokens tokens, String hash, ModelTensors tensors) {
        this.manager = manager;
        this.config = config;
        this.tokens = tokens;
        this.masked = MaskedPositions.of(config, tokens);
        this.name = folder.toAbsolutePath().normalize().getFileName().toString();
        this.hash = hash;
        this.parameters = tensors.parameters();
        this.embedding = tensors.embedding(manager);
        this.unembedding = config.tiedEmbeddings() ? embedding : tensors.unembedding(manager);
        this.positions = tensors.positions(manager);
        this.finalNorm = tensors.finalNorm(manager);
        for (int l = 0; l < config.layers(); l++) {
            layers.add(tensors.layer(manager, l));
        }
    }

    /** Reads a Hugging Face folder. @throws ModelFileException naming file and tensor, and what to do */
    public static LanguageModel load(Path folder) {
        ModelConfig config = ModelConfig.read(folder);
        ModelTensors tensors = ModelTensors.open(folder, config);
        Tokens tokens = Tokens.read(folder, config);
        NDManager manager = NDManager.newBaseManager();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            String hash = ContentHash.ofFolder(folder, HASHED);
            return new LanguageModel(manager, folder, config, tokens, hash, tensors);
        } catch (RuntimeException e) {
            manager.close();
            tokens.close();
            throw e;
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

    /**
     * How many leading positions of a prompt have no features and no errors: the one of BOS or what stands for it, and for Gemma-3-it
     * the beginning of the user's turn; 0 where the prompt begins with text.
     */
    public int masked(int[] prompt) {
        return masked.of(prompt);
    }

    /** Parent of what is computed with this model. */
    public NDManager manager() {
        return manager;
    }

    /** Norms, attention and MLP of a layer. */
    public Layer layer(int layer) {
        return layers.get(layer);
    }

    /**
     * What a layer's MLP adds to the stream, [n,d], on any n inputs.
     *
     * @param mlpIn [n,d] at mlp.hook_in: after the norm and its gain
     */
    public NDArray mlp(int layer, NDArray mlpIn) {
        TensorRuntime.enter();
        Layer l = layers.get(layer);
        NDArray out = l.mlp().out(mlpIn);
        return l.mlpPostNorm() == null
                ? out
                : l.mlpPostNorm().of(out, l.mlpPostNorm().scale(out));
    }

    /** The norm before the unembedding. */
    public Norm finalNorm() {
        return finalNorm;
    }

    /** [V, d]. */
    public NDArray unembedding() {
        return unembedding;
    }

    /** [V, d], as stored: {@link #embed} is what enters the stream. */
    public NDArray embedding() {
        return embedding;
    }

    /** What tokens write at the bottom of the stream, [n,d], without learned positions. */
    public NDArray embed(int[] ids) {
        NDArray rows =
                embedding.get(manager.create(Arrays.stream(ids).asLongStream().toArray()));
        return config.embeddingScale() == 1 ? rows : rows.mul(config.embeddingScale());
    }

    /** Learned positions [P,d]; null where positions are rotary. */
    public @Nullable NDArray positions() {
        return positions;
    }

    @Override
    public void close() {
        manager.close();
        tokens.close();
    }
}
