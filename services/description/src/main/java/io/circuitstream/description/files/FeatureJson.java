package io.circuitstream.description.files;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.events.AutomaticLabel;
import io.circuitstream.events.Columns;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.events.FeatureExample;
import io.circuitstream.events.FeatureQuantile;
import io.circuitstream.events.TokenEffect;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A description in the feature format of circuit-tracer's and Neuronpedia's front ends (circuits.md §7). What they do not know is beside it: {@code layer}, {@code label}
 * with its source, evidence and held-out score.
 */
public final class FeatureJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BINS = 40;
    private static final double[] PERCENTILES =
            IntStream.rangeClosed(0, 100).mapToDouble(i -> i / 100.0).toArray();

    private FeatureJson() {}

    public static ObjectNode of(FeatureDescription feature) {
        ActivationHistogram histogram = new ActivationHistogram(feature);
        ObjectNode json = JSON.createObjectNode()
                .put("transcoder_id", feature.getScan())
                .put("index", feature.getFeature())
                .put("layer", feature.getLayer())
                .put("act_min", feature.getActMin())
                .put("act_max", feature.getActMax())
                .put(
                        "activation_frequency",
                        feature.getTokens() == 0 ? 0 : feature.getActiveTokens() / (double) feature.getTokens());
        quantiles(json.putArray("examples_quantiles"), feature.getQuantiles());
        tokens(json.putArray("top_logits"), feature.getPromoted());
        tokens(json.putArray("bottom_logits"), feature.getSuppressed());
        ArrayNode percentiles = json.putArray("quantile_values");
        for (double value : histogram.quantiles(PERCENTILES)) {
            percentiles.add(value);
        }
        ArrayNode bins = json.putArray("histogram");
        for (double count : histogram.equalBins(BINS)) {
            bins.add(count);
        }
        label(json, feature);
        return json;
    }

    private static void quantiles(ArrayNode array, List<FeatureQuantile> quantiles) {
        for (FeatureQuantile quantile : quantiles) {
            ArrayNode examples =
                    array.addObject().put("quantile_name", quantile.getName()).putArray("examples");
            for (FeatureExample example : quantile.getExamples()) {
                ObjectNode json = examples.addObject();
                example.getTokens().forEach(json.putArray("tokens")::add);
                ArrayNode activations = json.putArray("tokens_acts_list");
                for (float activation : Columns.floats(example.getActivations())) {
                    activations.add(activation);
                }
                json.put("train_token_ind", example.getPeak()).put("is_repeated_datapoint", false);
            }
        }
    }

    private static void tokens(ArrayNode array, List<TokenEffect> effects) {
        effects.forEach(effect -> array.add(effect.getToken()));
    }

    private static void label(ObjectNode json, FeatureDescription feature) {
        json.put("label", feature.getLabel())
                .put("label_source", feature.getLabelSource().name().toLowerCase(Locale.ROOT));
        AutomaticLabel automatic = feature.getAutomatic();
        if (automatic != null) {
            json.putObject("automatic_label")
                    .put("text", automatic.getText())
                    .put("evidence", automatic.getEvidence().name().toLowerCase(Locale.ROOT))
                    .put("held_out_score", automatic.getScore());
        }
    }
}
