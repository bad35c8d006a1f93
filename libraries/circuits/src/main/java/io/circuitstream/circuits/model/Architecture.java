package io.circuitstream.circuits.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A family of models, as data: how its files name the tensors, how a layer is put together, and what its configuration means
 * where it says nothing. Sources: the modeling and configuration files of transformers.
 *
 * @param modelType {@code model_type} of config.json
 * @param prefixes what the tensors' names may begin with; the first that is there counts
 * @param gainIsOffset a norm multiplies with 1 + its weight
 * @param defaults of configuration keys that may be missing
 */
record Architecture(
        String modelType,
        List<String> prefixes,
        Names names,
        Norm.Kind norm,
        boolean gainIsOffset,
        QueryKeyValue queryKeyValue,
        Biases biases,
        boolean queryKeyNorm,
        boolean scaledEmbedding,
        Windows windows,
        Map<String, Object> defaults) {

    /**
     * Names of tensors after the prefix, without {@code .weight} and {@code .bias}.
     *
     * @param positions learned ones; null where positions are rotary
     * @param layer with %d for the number of the layer; the names below come after it
     * @param attentionPostNorm null for none
     * @param query all three where they are one tensor
     * @param gate null for an MLP without one
     * @param mlpPostNorm null for none
     */
    record Names(
            String embedding,
            @Nullable String positions,
            String finalNorm,
            String unembedding,
            String layer,
            String attentionNorm,
            @Nullable String attentionPostNorm,
            String query,
            String key,
            String value,
            String output,
            String mlpNorm,
            @Nullable String gate,
            String up,
            String down,
            @Nullable String mlpPostNorm) {}

    /** How queries, keys and values are stored. */
    enum QueryKeyValue {
        SEPARATE,
        /** One tensor [in, out], first all queries, then all keys, then all values; every projection is [in, out]. */
        JOINED_IN_OUT,
        /** One tensor [out, in], head after head, each with its query, key and value. */
        JOINED_BY_HEAD
    }

    /** Which projections of attention have a bias. */
    enum Biases {
        /** All or none, as {@code attention_bias} says. */
        AS_CONFIGURED,
        QUERY_KEY_VALUE
    }

    /** Which layers have a sliding window where the configuration has no {@code layer_types}. */
    enum Windows {
        NONE,
        /** Every layer, if {@code sliding_window} is set. */
        ALL,
        /** From {@code max_window_layers} on, if {@code use_sliding_window}. */
        UPPER,
        /** The even ones. */
        ALTERNATING,
        /** All but every {@code sliding_window_pattern}-th. */
        PATTERN
    }

    private static final Names LLAMA_NAMES = new Names(
            "embed_tokens",
            null,
            "norm",
            "lm_head",
            "layers.%d.",
            "input_layernorm",
            null,
            "self_attn.q_proj",
            "self_attn.k_proj",
            "self_attn.v_proj",
            "self_attn.o_proj",
            "post_attention_layernorm",
            "mlp.gate_proj",
            "mlp.up_proj",
            "mlp.down_proj",
            null);

    private static final Names GEMMA_NAMES = new Names(
            "embed_tokens",
            null,
            "norm",
            "lm_head",
            "layers.%d.",
            "input_layernorm",
            "post_attention_layernorm",
            "self_attn.q_proj",
            "self_attn.k_proj",
            "self_attn.v_proj",
            "self_attn.o_proj",
            "pre_feedforward_layernorm",
            "mlp.gate_proj",
            "mlp.up_proj",
            "mlp.down_proj",
            "post_feedforward_layernorm");

    private static final Map<String, Object> GEMMA_3_DEFAULTS = Map.ofEntries(
            Map.entry("vocab_size", 262_208),
            Map.entry("num_attention_heads", 8),
            Map.entry("num_key_value_heads", 4),
            Map.entry("head_dim", 256),
            Map.entry("hidden_act", "gelu_pytorch_tanh"),
            Map.entry("max_position_embeddings", 131_072),
            Map.entry("tie_word_embeddings", true),
            Map.entry("rope_theta", 1_000_000),
            Map.entry("rope_local_base_freq", 10_000),
            Map.entry("query_pre_attn_scalar", 256),
            Map.entry("sliding_window_pattern", 6),
            Map.entry("bos_token_id", 2));

    private static final List<Architecture> ALL = List.of(
            new Architecture(
                    "gpt2",
                    List.of("transformer.", ""),
                    new Names(
                            "wte",
                            "wpe",
                            "ln_f",
                            "lm_head",
                            "h.%d.",
                            "ln_1",
                            null,
                            "attn.c_attn",
                            "attn.c_attn",
                            "attn.c_attn",
                            "attn.c_proj",
                            "ln_2",
                            null,
                            "mlp.c_fc",
                            "mlp.c_proj",
                            null),
                    Norm.Kind.LAYER,
                    false,
                    QueryKeyValue.JOINED_IN_OUT,
                    Biases.AS_CONFIGURED,
                    false,
                    false,
                    Windows.NONE,
                    Map.of(
                            "attention_bias", true,
                            "mlp_bias", true,
                            "tie_word_embeddings", true,
                            "layer_norm_epsilon", 1e-5,
                            "activation_function", "gelu_new")),
            new Architecture(
                    "gpt_neox",
                    List.of("gpt_neox."),
                    new Names(
                            "embed_in",
                            null,
                            "final_layer_norm",
                            "embed_out",
                            "layers.%d.",
                            "input_layernorm",
                            null,
                            "attention.query_key_value",
                            "attention.query_key_value",
                            "attention.query_key_value",
                            "attention.dense",
                            "post_attention_layernorm",
                            null,
                            "mlp.dense_h_to_4h",
                            "mlp.dense_4h_to_h",
                            null),
                    Norm.Kind.LAYER,
                    false,
                    QueryKeyValue.JOINED_BY_HEAD,
                    Biases.AS_CONFIGURED,
                    false,
                    false,
                    Windows.NONE,
                    Map.of(
                            "attention_bias",
                            true,
                            "mlp_bias",
                            true,
                            "use_parallel_residual",
                            true,
                            "rotary_pct",
                            .25,
                            "layer_norm_eps",
                            1e-5,
                            "hidden_act",
                            "gelu")),
            llamaLike("llama", Biases.AS_CONFIGURED, false, Windows.NONE, Map.of()),
            llamaLike("mistral", Biases.AS_CONFIGURED, false, Windows.ALL, Map.of("sliding_window", 4096)),
            llamaLike("qwen2", Biases.QUERY_KEY_VALUE, false, Windows.UPPER, Map.of()),
            llamaLike("qwen3", Biases.AS_CONFIGURED, true, Windows.UPPER, Map.of("head_dim", 128)),
            gemma(
                    "gemma2",
                    List.of("model."),
                    false,
                    Windows.ALTERNATING,
                    Map.of(
                            "head_dim", 256,
                            "hidden_act", "gelu_pytorch_tanh",
                            "tie_word_embeddings", true,
                            "query_pre_attn_scalar", 256,
                            "sliding_window", 4096,
                            "bos_token_id", 2)),
            gemma("gemma3_text", List.of("model."), true, Windows.PATTERN, GEMMA_3_DEFAULTS),
            gemma(
                    "gemma3",
                    List.of("language_model.model.", "model.language_model."),
                    true,
                    Windows.PATTERN,
                    GEMMA_3_DEFAULTS));

    private static Architecture llamaLike(
            String modelType, Biases biases, boolean queryKeyNorm, Windows windows, Map<String, Object> defaults) {
        return new Architecture(
                modelType,
                List.of("model."),
                LLAMA_NAMES,
                Norm.Kind.ROOT_MEAN_SQUARE,
                false,
                QueryKeyValue.SEPARATE,
                biases,
                queryKeyNorm,
                false,
                windows,
                defaults);
    }

    private static Architecture gemma(
            String modelType,
            List<String> prefixes,
            boolean queryKeyNorm,
            Windows windows,
            Map<String, Object> defaults) {
        return new Architecture(
                modelType,
                prefixes,
                GEMMA_NAMES,
                Norm.Kind.ROOT_MEAN_SQUARE,
                true,
                QueryKeyValue.SEPARATE,
                Biases.AS_CONFIGURED,
                queryKeyNorm,
                true,
                windows,
                defaults);
    }

    static Optional<Architecture> of(String modelType) {
        return ALL.stream().filter(a -> a.modelType.equals(modelType)).findFirst();
    }

    /** Every {@code model_type} there is. */
    static List<String> modelTypes() {
        return ALL.stream().map(Architecture::modelType).toList();
    }
}
