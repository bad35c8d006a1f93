package io.circuitstream.dashboard.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitstream.dashboard.json.EventReader;
import io.circuitstream.dashboard.json.FieldException;
import io.circuitstream.events.AttributionSettings;
import io.circuitstream.events.ChatMessage;
import io.circuitstream.events.HeldFeature;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.PruningSettings;
import io.circuitstream.events.SteeringMode;
import io.circuitstream.events.SteeringRequested;
import io.circuitstream.events.ValidationSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** From the JSON that people send to the events of the topics. Pure, except for the ids. */
public final class Requests {
    private static final Set<String> PROMPT_FIELDS =
            Set.of("text", "tokenIds", "messages", "model", "tenant", "tags", "attribution", "pruning", "validation");
    private static final Set<String> STEERING_FIELDS = Set.of(
            "text",
            "tokenIds",
            "messages",
            "promptId",
            "tenant",
            "interventions",
            "mode",
            "ownLayerOnly",
            "frozenAttention",
            "firstLayer",
            "lastLayer",
            "topTokens",
            "newTokens");
    private static final int MOST_TAGS = 32;
    private static final int LONGEST_NAME = 200;

    private Requests() {}

    /**
     * A prompt with an id of its own.
     *
     * @throws FieldException naming the field that is missing, unknown or wrong
     */
    public static PromptSubmitted prompt(JsonNode json) {
        known(json, PROMPT_FIELDS);
        return prompt(json, "web-" + UUID.randomUUID()).build();
    }

    private static PromptSubmitted.Builder prompt(JsonNode json, String id) {
        PromptSubmitted.Builder prompt =
                PromptSubmitted.newBuilder().setPromptId(id).setTags(tags(json.path("tags")));
        content(json, prompt);
        String tenant = text(json, "tenant");
        if (tenant != null) {
            prompt.setTenant(brief("tenant", tenant));
        }
        prompt.setModel(text(json, "model"));
        if (json.has("attribution")) {
            prompt.setAttribution(
                    EventReader.record(json.path("attribution"), AttributionSettings.class, "attribution"));
        }
        if (json.has("pruning")) {
            prompt.setPruning(EventReader.record(json.path("pruning"), PruningSettings.class, "pruning"));
        }
        if (json.has("validation")) {
            prompt.setValidation(EventReader.record(json.path("validation"), ValidationSettings.class, "validation"));
        }
        return prompt;
    }

    /** Exactly one of text, tokenIds and messages. */
    private static void content(JsonNode json, PromptSubmitted.Builder prompt) {
        List<String> given = List.of("text", "tokenIds", "messages").stream()
                .filter(json::hasNonNull)
                .toList();
        if (given.size() != 1) {
            throw new FieldException(
                    given.isEmpty() ? "text" : given.get(1),
                    given.isEmpty()
                            ? "is missing: give one of text, tokenIds and messages"
                            : "is one too many: give one of text, tokenIds and messages");
        }
        switch (given.get(0)) {
            case "text" -> {
                String text = text(json, "text");
                if (text == null || text.isBlank()) {
                    throw new FieldException("text", "is empty: give at least one token");
                }
                prompt.setText(text);
            }
            case "tokenIds" -> prompt.setTokenIds(ids(json.path("tokenIds")));
            default -> prompt.setMessages(messages(json));
        }
    }

    /**
     * The conversation, of at least one message.
     *
     * @throws FieldException naming the field that is missing or wrong
     */
    public static List<ChatMessage> messages(JsonNode json) {
        List<ChatMessage> messages = EventReader.records(json.path("messages"), ChatMessage.class, "messages");
        if (messages.isEmpty()) {
            throw new FieldException("messages", "is empty: give at least one message");
        }
        return messages;
    }

    private static List<Integer> ids(JsonNode list) {
        List<Integer> ids = new ArrayList<>();
        for (JsonNode id : list) {
            if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
                throw new FieldException("tokenIds[" + ids.size() + "]", "must be a token id");
            }
            ids.add(id.intValue());
        }
        if (!list.isArray() || ids.isEmpty()) {
            throw new FieldException("tokenIds", "must be a list of at least one token id");
        }
        return ids;
    }

    private static List<String> tags(JsonNode list) {
        List<String> tags = new ArrayList<>();
        if (!list.isMissingNode() && !list.isArray()) {
            throw new FieldException("tags", "must be a list");
        }
        for (JsonNode tag : list) {
            if (!tag.isTextual() || tags.size() == MOST_TAGS) {
                throw new FieldException("tags", "must be at most " + MOST_TAGS + " texts");
            }
            tags.add(brief("tags", tag.textValue()));
        }
        return tags;
    }

    /**
     * A steering with an id of its own.
     *
     * @param traced the prompt that {@code promptId} names, as it was sent; null when none is named
     * @throws FieldException naming the field that is missing, unknown or wrong
     */
    public static SteeringRequested steering(JsonNode json, @Nullable PromptSubmitted traced) {
        known(json, STEERING_FIELDS);
        String id = "steer-" + UUID.randomUUID();
        boolean own = json.hasNonNull("text") || json.hasNonNull("tokenIds") || json.hasNonNull("messages");
        PromptSubmitted prompt = own || traced == null
                ? prompt(json, id).build()
                : PromptSubmitted.newBuilder(traced).setPromptId(id).build();
        SteeringRequested.Builder request = SteeringRequested.newBuilder()
                .setRequestId(id)
                .setPrompt(prompt)
                .setInterventions(EventReader.records(json.path("interventions"), HeldFeature.class, "interventions"));
        for (HeldFeature held : request.getInterventions()) {
            if ((held.getFactor() == null) == (held.getActivation() == null)) {
                throw new FieldException("interventions", "must each have one of factor and activation");
            }
        }
        if (json.hasNonNull("mode")) {
            request.setMode(mode(json.path("mode")));
        }
        number(json, "firstLayer").ifPresent(request::setFirstLayer);
        number(json, "lastLayer").ifPresent(request::setLastLayer);
        number(json, "topTokens").ifPresent(request::setTopTokens);
        number(json, "newTokens").ifPresent(request::setNewTokens);
        return request.setOwnLayerOnly(flag(json, "ownLayerOnly"))
                .setFrozenAttention(flag(json, "frozenAttention"))
                .build();
    }

    private static SteeringMode mode(JsonNode mode) {
        for (SteeringMode known : SteeringMode.values()) {
            if (known != SteeringMode.UNKNOWN && known.name().equals(mode.textValue())) {
                return known;
            }
        }
        throw new FieldException("mode", "must be one of DIRECT, CONSTRAINED, ITERATIVE, MODEL");
    }

    private static boolean flag(JsonNode json, String name) {
        JsonNode flag = json.path(name);
        if (!flag.isMissingNode() && !flag.isNull() && !flag.isBoolean()) {
            throw new FieldException(name, "must be true or false");
        }
        return flag.asBoolean();
    }

    private static OptionalInt number(JsonNode json, String name) {
        JsonNode number = json.path(name);
        if (number.isMissingNode() || number.isNull()) {
            return OptionalInt.empty();
        }
        if (!number.isIntegralNumber() || !number.canConvertToInt()) {
            throw new FieldException(name, "must be a whole number");
        }
        return OptionalInt.of(number.intValue());
    }

    /** A text, null when it is not given. */
    public static @Nullable String text(JsonNode json, String name) {
        JsonNode text = json.path(name);
        if (text.isMissingNode() || text.isNull()) {
            return null;
        }
        if (!text.isTextual()) {
            throw new FieldException(name, "must be a text");
        }
        return text.textValue();
    }

    /** A name as it may be. @throws FieldException when it is longer */
    public static String brief(String field, String name) {
        if (name.length() > LONGEST_NAME) {
            throw new FieldException(field, "is longer than " + LONGEST_NAME + " characters");
        }
        return name;
    }

    private static void known(JsonNode json, Set<String> names) {
        if (!json.isObject()) {
            throw new FieldException("body", "must be a JSON object");
        }
        json.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                throw new FieldException(name, "is not known");
            }
        });
    }
}
