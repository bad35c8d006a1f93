package io.circuitstream.circuits.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code config.json} of a Hugging Face folder says of the architecture.
 *
 * @param layers L
 * @param width d, the residual stream's
 * @param heads query heads H
 * @param kvHeads key and value heads; divides heads
 * @param headWidth width of one head
 * @param hidden width of the MLP's hidden layer
 * @param vocabulary V
 * @param maxPositions longest prompt in tokens
 * @param attentionBias of queries, keys and values
 * @param outputBias of attention's output
 * @param parallel attention and MLP read the same stream
 * @param embeddingScale what embeddings are multiplied with
 * @param attentionScale what scores are multiplied with
 * @param attentionSoftCap 0 for none
 * @param logitSoftCap 0 for none
 * @param windows of each layer, 0 for none
 * @param rotary of each layer; null where positions are learned
 * @param beginTokenId the first that is given of bos_token_id, pad_token_id and eos_token_id; −1 for none. A tokenizer's
 *     configuration may name another: see {@link Tokens#begin}
 */
public record ModelConfig(
        String modelType,
        int layers,
        int width,
        int heads,
        int kvHeads,
        int headWidth,
        int hidden,
        int vocabulary,
        int maxPositions,
        MlpActivation activation,
        float normEpsilon,
        boolean tiedEmbeddings,
        boolean attentionBias,
        boolean outputBias,
        boolean mlpBias,
        boolean parallel,
        float embeddingScale,
        float attentionScale,
        float attentionSoftCap,
        float logitSoftCap,
        List<Integer> windows,
        @Nullable List<Rotary> rotary,
        int beginTokenId) {

    /** Far beyond every model, and few enough to be listed. */
    private static final int MAX_LAYERS = 10_000;

    /** Every {@code model_type} that can be loaded. */
    public static final List<String> SUPPORTED = Architecture.modelTypes();

    /** Reads the folder's config. @throws ModelFileException when it is missing, incomplete, or of a model type that is not supported */
    public static ModelConfig read(Path folder) {
        ConfigFile file = ConfigFile.read(folder);
        Architecture architecture = file.architecture();
        refuseWhatDiffers(file);
        int layers = file.positive("num_hidden_layers", "n_layer");
        if (layers > MAX_LAYERS) {
            throw file.refused("num_hidden_layers " + layers + " is more than the " + MAX_LAYERS + " that are allowed");
        }
        int width = file.positive("hidden_size", "n_embd");
        int heads = file.positive("num_attention_heads", "n_head");
        int kvHeads = file.has("num_key_value_heads") ? file.positive("num_key_value_heads") : heads;
        if (heads % kvHeads != 0) {
            throw file.refused("num_attention_heads " + heads + " is no multiple of num_key_value_heads " + kvHeads);
        }
        if (!file.has("head_dim") && width % heads != 0) {
            throw file.refused("hidden_size " + width + " is no multiple of num_attention_heads " + heads);
        }
        int headWidth = file.has("head_dim") ? file.positive("head_dim") : width / heads;
        String activation = file.text("hidden_activation", "hidden_act", "activation_function");
        List<Integer> windows = windows(file, architecture, layers);
        boolean bias = file.flag("attention_bias");
        return new ModelConfig(
                architecture.modelType(),
                layers,
                width,
                heads,
                kvHeads,
                headWidth,
                // GPT-2's layout leaves it out.
                file.has("n_embd") && !file.has("n_inner") ? 4 * width : file.positive("intermediate_size", "n_inner"),
                file.positive("vocab_size"),
                file.positive("max_position_embeddings", "n_positions", "n_ctx"),
                MlpActivation.named(activation.isEmpty() ? "silu" : activation)
                        .orElseThrow(() -> file.refused("hidden_act '" + activation
                                + "' is not supported; supported are " + MlpActivation.names())),
                (float) file.number(1e-6, "rms_norm_eps", "layer_norm_epsilon", "layer_norm_eps"),
                file.flag("tie_word_embeddings"),
                bias || architecture.biases() == Architecture.Biases.QUERY_KEY_VALUE,
                bias && architecture.biases() == Architecture.Biases.AS_CONFIGURED,
                file.flag("mlp_bias"),
                file.flag("use_parallel_residual"),
                architecture.scaledEmbedding() ? (float) Math.sqrt(width) : 1,
                (float) (1 / Math.sqrt(file.number(headWidth, "query_pre_attn_scalar"))),
                (float) file.number(0, "attn_logit_softcapping"),
                (float) file.number(0, "final_logit_softcapping"),
                windows,
                architecture.names().positions() == null ? rotary(file, headWidth, windows) : null,
                file.beginTokenId());
    }

    /** Whether what the MLP yields passes a norm before it is added to the stream. */
    public boolean mlpPostNorm() {
        return Architecture.of(modelType)
                .map(a -> a.names().mlpPostNorm() != null)
                .orElse(false);
    }

    private static void refuseWhatDiffers(ConfigFile file) {
        boolean unscaled = file.has("scale_attn_weights") && !file.flag("scale_attn_weights");
        if (unscaled || file.flag("scale_attn_by_inverse_layer_idx")) {
            throw file.refused("attention is scaled in a way that is not supported: scale_attn_weights must be true,"
                    + " scale_attn_by_inverse_layer_idx false");
        }
        if (file.flag("use_bidirectional_attention")) {
            throw file.refused("use_bidirectional_attention is not supported: attention must be causal");
        }
    }

    private static List<Integer> windows(ConfigFile file, Architecture architecture, int layers) {
        JsonNode types = file.get("layer_types");
        if (types.isArray() && types.size() != layers) {
            throw file.refused("layer_types has " + types.size() + " entries for " + layers + " layers");
        }
        boolean on = file.has("sliding_window")
                && (architecture.windows() != Architecture.Windows.UPPER || file.flag("use_sliding_window"));
        List<Integer> windows = new ArrayList<>();
        for (int l = 0; l < layers; l++) {
            boolean slides = types.isArray()
                    ? slides(file, types.get(l).asText())
                    : switch (architecture.windows()) {
                        case NONE -> false;
                        case ALL -> true;
                        case UPPER -> l >= file.number(layers, "max_window_layers");
                        case ALTERNATING -> l % 2 == 0;
                        case PATTERN ->
                            (l + 1) % file.positive("sliding_window_pattern", "_sliding_window_pattern") != 0;
                    };
            windows.add(slides && on ? file.positive("sliding_window") : 0);
        }
        return List.copyOf(windows);
    }

    private static boolean slides(ConfigFile file, String type) {
        return switch (type) {
            case "sliding_attention" -> true;
            case "full_attention" -> false;
            default ->
                throw file.refused(
                        "layer type '" + type + "' is not supported; supported are full_attention, sliding_attention");
        };
    }

    private static List<Rotary> rotary(ConfigFile file, int headWidth, List<Integer> windows) {
        Rotary full = RotaryConfig.read(file, "full_attention", headWidth);
        Rotary sliding = RotaryConfig.read(file, "sliding_attention", headWidth);
        return windows.stream().map(window -> window > 0 ? sliding : full).toList();
    }
}
