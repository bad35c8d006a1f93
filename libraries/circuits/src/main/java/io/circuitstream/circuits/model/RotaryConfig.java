package io.circuitstream.circuits.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Reads rotary positions from the two layouts of config.json: {@code rope_theta} and {@code rope_scaling}, or {@code rope_parameters}. */
final class RotaryConfig {
    private static final List<String> SUPPORTED = List.of("default", "linear", "dynamic", "llama3", "yarn");

    private RotaryConfig() {}

    /**
     * Positions of the layers of a type.
     *
     * @param layerType full_attention or sliding_attention
     */
    static Rotary read(ConfigFile file, String layerType, int headWidth) {
        JsonNode parameters = file.get("rope_parameters");
        boolean byType = parameters.path("full_attention").isObject();
        if (byType) {
            parameters = parameters.path(layerType);
        }
        boolean local = !byType && layerType.equals("sliding_attention") && file.has("rope_local_base_freq");
        JsonNode scaling = parameters.isObject() ? parameters : file.get("rope_scaling");
        double theta = parameters.path("rope_theta").asDouble(file.number(10_000, "rope_theta", "rotary_emb_base"));
        double fraction = parameters
                .path("partial_rotary_factor")
                .asDouble(file.number(1, "rotary_pct", "partial_rotary_factor"));
        int width = (int) (headWidth * fraction);
        if (width < 2 || width % 2 != 0) {
            throw file.refused("rotary positions over " + width + " of a head's " + headWidth
                    + " dimensions: must be an even number of at least 2");
        }
        return local
                ? new Rotary(file.number(10_000, "rope_local_base_freq"), width, new Rotary.Unscaled())
                : new Rotary(theta, width, scaling(file, scaling));
    }

    private static Rotary.Scaling scaling(ConfigFile file, JsonNode rope) {
        String type = rope.path("rope_type").asText(rope.path("type").asText("default"));
        double factor = rope.path("factor").asDouble(1);
        double original = rope.path("original_max_position_embeddings")
                .asDouble(file.number(1, "original_max_position_embeddings", "max_position_embeddings"));
        return switch (type) {
            // Dynamic scaling begins beyond max_position_embeddings, where no prompt goes.
            case "default", "dynamic" -> new Rotary.Unscaled();
            case "linear" -> new Rotary.Linear(factor);
            case "llama3" ->
                new Rotary.Llama3(
                        factor,
                        rope.path("low_freq_factor").asDouble(1),
                        rope.path("high_freq_factor").asDouble(4),
                        original);
            case "yarn" ->
                new Rotary.Yarn(
                        factor,
                        attentionFactor(rope, factor),
                        rope.path("beta_fast").asDouble(32),
                        rope.path("beta_slow").asDouble(1),
                        original,
                        rope.path("truncate").asBoolean(true));
            default -> throw file.refused("rope_type '" + type + "' is not supported; supported are " + SUPPORTED);
        };
    }

    /** As transformers: given, or 0.1·ln(factor) + 1, or the quotient of two such with their own multipliers. */
    private static double attentionFactor(JsonNode rope, double factor) {
        if (rope.hasNonNull("attention_factor")) {
            return rope.path("attention_factor").asDouble();
        }
        double all = rope.path("mscale_all_dim").asDouble(0);
        double one = rope.path("mscale").asDouble(0);
        return one != 0 && all != 0 ? magnitude(factor, one) / magnitude(factor, all) : magnitude(factor, 1);
    }

    private static double magnitude(double factor, double multiplier) {
        return factor <= 1 ? 1 : .1 * multiplier * Math.log(factor) + 1;
    }
}
