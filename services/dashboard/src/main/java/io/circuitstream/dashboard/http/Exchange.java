package io.circuitstream.dashboard.http;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.circuitstream.dashboard.json.Json;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reading requests and writing answers. */
final class Exchange {
    private static final int MAX_BODY_BYTES = 2 << 20;

    private Exchange() {}

    static void json(Context context, int status, Object value) {
        document(context, status, Json.bytes(value));
    }

    static void document(Context context, int status, byte[] json) {
        context.status(status).contentType("application/json").result(json);
    }

    /** For files: the browser saves it. */
    static void download(Context context, String name, byte[] json) {
        String safe = name.replaceAll("[^A-Za-z0-9._-]", "_");
        context.header("Content-Disposition", "attachment; filename=\"" + safe + "\"");
        document(context, 200, json);
    }

    /** The JSON object of a small request. */
    static JsonNode body(Context context) throws IOException {
        byte[] bytes = bytes(context, MAX_BODY_BYTES);
        try {
            JsonNode tree = Json.MAPPER.readTree(bytes);
            if (tree == null || !tree.isObject()) {
                throw ProblemException.badRequest("body must be a JSON object");
            }
            return tree;
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation(); // null when it is too deep
            throw ProblemException.badRequest(
                    at == null
                            ? "body is no JSON that this server takes"
                            : "body is no JSON: line " + at.getLineNr() + ", column " + at.getColumnNr());
        }
    }

    static byte[] bytes(Context context, int most) throws IOException {
        if (context.req().getContentLengthLong() > most) {
            throw tooLarge(most);
        }
        try (InputStream in = context.bodyInputStream()) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw tooLarge(most);
            }
            return bytes;
        }
    }

    private static ProblemException tooLarge(int most) {
        return ProblemException.tooLarge("body may have at most " + most + " bytes");
    }

    /** A whole number of the query. */
    static int number(Context context, String name, int otherwise, int least, int most) {
        String text = text(context, name);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw ProblemException.badRequest(name + " must be a whole number from " + least + " to " + most);
        }
        return Integer.parseInt(text);
    }

    /** A text of the query; null when it is missing or empty. */
    static @Nullable String text(Context context, String name) {
        String text = context.queryParam(name);
        return text == null || text.isEmpty() ? null : text;
    }

    static int pathNumber(Context context, String name) {
        String text = context.pathParam(name);
        if (!text.matches("\\d{1,9}")) {
            throw ProblemException.badRequest(name + " must be a whole number");
        }
        return Integer.parseInt(text);
    }
}
