package io.circuitstream.standalone.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.events.AttributionSettings;
import io.circuitstream.events.ChatMessage;
import io.circuitstream.events.FeatureTarget;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.PruningCriterion;
import io.circuitstream.events.PruningMode;
import io.circuitstream.events.PruningSettings;
import io.circuitstream.events.TokenDifference;
import io.circuitstream.events.ValidationSettings;
import io.circuitstream.events.VectorTarget;
import io.circuitstream.platform.serde.EventClasses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Prompts from a file: one a line, as text or as a JSON object with the fields of PromptSubmitted. The fields
 * {@code expected} and {@code task} of sample files are passed over.
 */
public final class PromptFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> FIELDS = Set.of(
            "promptId",
            "text",
            "tokenIds",
            "messages",
            "model",
            "tenant",
            "tags",
            "attribution",
            "pruning",
            "validation",
            "expected",
            "task");

    private PromptFile() {}

    /**
     * Reads a file; empty lines do not count.
     *
     * @param base makes a request with this text and the caller's settings, which a line's own fields replace
     * @throws IllegalArgumentException naming file and line
     */
    public static List<PromptSubmitted> read(Path file, Function<String, PromptSubmitted.Builder> base)
            throws IOException {
        EventClasses.trust();
        List<PromptSubmitted> prompts = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty()) {
                try {
                    prompts.add(
                            line.startsWith("{")
                                    ? parse(line, base)
                                    : base.apply(line).build());
                } catch (JsonProcessingException | IllegalArgumentException e) {
                    throw new IllegalArgumentException(file + ", line " + (i + 1) + ": " + e.getMessage(), e);
                }
            }
        }
        return prompts;
    }

    private static PromptSubmitted parse(String line, Function<String, PromptSubmitted.Builder> base)
            throws JsonProcessingException {
        JsonNode json = JSON.readTree(line);
        json.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                throw new IllegalArgumentException("unknown field '" + name + "'");
            }
        });
        PromptSubmitted prompt = base.apply(json.path("text").asText()).build();
        if (!json.hasNonNull("text")) {
            prompt.setText(null);
        }
        if (json.hasNonNull("promptId")) {
            prompt.setPromptId(json.get("promptId").asText());
        }
        if (json.hasNonNull("tokenIds")) {
            prompt.setTokenIds(JSON.treeToValue(
                    json.get("tokenIds"), JSON.getTypeFactory().constructCollectionType(List.class, Integer.class)));
        }
        if (json.hasNonNull("messages")) {
            prompt.setMessages(messages(json.get("messages")));
        }
        if (json.hasNonNull("model")) {
            prompt.setModel(json.get("model").asText());
        }
        if (json.hasNonNull("tenant")) {
            prompt.setTenant(json.get("tenant").asText());
        }
        if (json.hasNonNull("tags")) {
            prompt.setTags(strings(json.get("tags")));
        }
        settings(prompt, json);
        return prompt;
    }

    private static List<ChatMessage> messages(JsonNode array) {
        List<ChatMessage> messages = new ArrayList<>();
        array.forEach(m -> {
            if (!m.path("role").isTextual() || !m.path("content").isTextual()) {
                throw new IllegalArgumentException("a message needs a role and a content, both texts: " + m);
            }
            messages.add(
                    new ChatMessage(m.get("role").asText(), m.get("content").asText()));
        });
        return messages;
    }

    private static void settings(PromptSubmitted prompt, JsonNode json) {
        // A copy: the lists of the base are shared and not to be changed.
        AttributionSettings attribution = AttributionSettings.newBuilder(prompt.getAttribution())
                .setTargetDifferences(new ArrayList<>(prompt.getAttribution().getTargetDifferences()))
                .setTargetFeatures(new ArrayList<>(prompt.getAttribution().getTargetFeatures()))
                .setTargetVectors(new ArrayList<>(prompt.getAttribution().getTargetVectors()))
                .build();
        prompt.setAttribution(attribution);
        JsonNode a = json.path("attribution");
        attribution.setMaxLogits(a.path("maxLogits").asInt(attribution.getMaxLogits()));
        attribution.setLogitProbability(a.path("logitProbability").asDouble(attribution.getLogitProbability()));
        attribution.setRowDrop(a.path("rowDrop").asDouble(attribution.getRowDrop()));
        if (a.hasNonNull("targetTokens")) {
            attribution.setTargetTokens(strings(a.get("targetTokens")));
        }
        a.path("targetDifferences").forEach(d -> attribution
                .getTargetDifferences()
                .add(new TokenDifference(
                        d.path("plus").asText(), d.path("minus").asText())));
        a.path("targetFeatures").forEach(f -> attribution
                .getTargetFeatures()
                .add(new FeatureTarget(
                        f.path("layer").asInt(-1),
                        f.path("feature").asInt(-1),
                        f.path("position").asInt(-1))));
        a.path("targetVectors").forEach(v -> attribution
                .getTargetVectors()
                .add(new VectorTarget(v.path("label").asText(), floats(v.path("values")))));
        pruning(prompt.getPruning(), json.path("pruning"));
        ValidationSettings validation = prompt.getValidation();
        JsonNode v = json.path("validation");
        validation.setEnabled(v.path("enabled").asBoolean(validation.getEnabled()));
        validation.setMaxFeatures(v.path("maxFeatures").asInt(validation.getMaxFeatures()));
        validation.setControls(v.path("controls").asInt(validation.getControls()));
    }

    /** What is given decides the mode when the line does not: a threshold on it is not to lose against the caller's share. */
    private static void pruning(PruningSettings settings, JsonNode json) {
        settings.setNodeThreshold(json.path("nodeThreshold").asDouble(settings.getNodeThreshold()));
        settings.setEdgeThreshold(json.path("edgeThreshold").asDouble(settings.getEdgeThreshold()));
        settings.setCompletenessShare(json.path("completenessShare").asDouble(settings.getCompletenessShare()));
        settings.setNodeBudget(json.path("nodeBudget").asInt(settings.getNodeBudget()));
        if (json.hasNonNull("mode")) {
            settings.setMode(named(PruningMode.class, json.get("mode").asText()));
        } else if (json.hasNonNull("nodeThreshold")) {
            settings.setMode(PruningMode.THRESHOLDS);
        } else if (json.hasNonNull("completenessShare")) {
            settings.setMode(PruningMode.COMPLETENESS);
        } else if (json.hasNonNull("nodeBudget")) {
            settings.setMode(PruningMode.NODE_BUDGET);
        }
        if (json.hasNonNull("criterion")) {
            settings.setCriterion(
                    named(PruningCriterion.class, json.get("criterion").asText()));
        }
    }

    private static <E extends Enum<E>> E named(Class<E> type, String name) {
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> value.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + name + "' is none of " + Arrays.toString(type.getEnumConstants())));
    }

    private static List<Float> floats(JsonNode array) {
        List<Float> result = new ArrayList<>();
        array.forEach(v -> result.add(v.isNumber() ? v.floatValue() : Float.NaN));
        return result;
    }

    private static List<String> strings(JsonNode array) {
        List<String> result = new ArrayList<>();
        array.forEach(s -> result.add(s.asText()));
        return result;
    }
}
