package io.circuitstream.training.documents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One line of a {@code .jsonl} file: text or token ids, and the answer if it is known. The other fields of PromptSubmitted
 * and of sample files are passed over.
 *
 * @param text null when there are token ids
 * @param answer empty when none is known
 */
record JsonLine(@Nullable String text, int @Nullable [] tokenIds, String answer) {
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    /** @throws IllegalArgumentException saying what is wrong, without repeating the line, and what to give */
    static JsonLine parse(String line) {
        JsonNode json;
        try {
            json = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "not JSON at column " + e.getLocation().getColumnNr() + ": give one JSON object a line", e);
        }
        if (!json.isObject()) {
            throw new IllegalArgumentException("no JSON object: give one with text or tokenIds");
        }
        if (json.hasNonNull("text") == json.hasNonNull("tokenIds")) {
            throw new IllegalArgumentException(
                    (json.hasNonNull("text") ? "text and tokenIds" : "neither text nor tokenIds")
                            + ": give one of the two");
        }
        return new JsonLine(
                json.hasNonNull("text") ? string(json, "text") : null,
                json.hasNonNull("tokenIds") ? ids(json.get("tokenIds")) : null,
                json.hasNonNull("answer") ? string(json, "answer") : "");
    }

    /** @throws IllegalArgumentException if it has token ids that mean nothing there */
    void addTo(TextSink sink) {
        if (tokenIds != null) {
            sink.addIds(tokenIds, answer);
        } else if (text != null && !text.isBlank()) {
            sink.addText(text, answer);
        }
    }

    private static String string(JsonNode json, String field) {
        JsonNode value = json.get(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException(field + " is no string: put it into quotes");
        }
        return value.textValue();
    }

    private static int[] ids(JsonNode array) {
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = array.get(i).canConvertToInt() && array.get(i).isIntegralNumber()
                    ? array.get(i).intValue()
                    : -1;
        }
        if (!array.isArray() || Arrays.stream(ids).anyMatch(id -> id < 0)) {
            throw new IllegalArgumentException("tokenIds is no array of token ids: give whole numbers from 0 on");
        }
        return ids;
    }
}
