package io.circuitstream.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * Confluent's REST resources over a store: a request in, the object to answer as JSON out. Avro only, no references, no
 * deletion, no contexts; query parameters other than those named here are ignored.
 */
final class RegistryApi {
    private static final String READ_WRITE = "READWRITE";

    private final SchemaStore store;

    RegistryApi(SchemaStore store) {
        this.store = store;
    }

    /**
     * @param path the decoded segments
     * @param query as it stands in the address
     * @param body {@code MissingNode} when there is none
     */
    record Request(String method, List<String> path, String query, JsonNode body) {
        String segment(int i) {
            return path.get(i);
        }

        boolean asks(String parameter) {
            return List.of(query.split("&")).contains(parameter + "=true");
        }

        String text(String field) {
            JsonNode value = body.path(field);
            if (!value.isTextual()) {
                throw RegistryError.invalidBody("a JSON object with the text field '" + field + "' is needed");
            }
            return value.textValue();
        }
    }

    Object answer(Request request) {
        String root = request.path().isEmpty() ? "" : request.segment(0);
        return switch (root) {
            case "" -> Map.of();
            case "subjects" -> subjects(request);
            case "schemas" -> schemas(request);
            case "config" -> config(request);
            case "compatibility" -> compatibility(request);
            case "mode" -> mode(request);
            default -> throw noRoute(request);
        };
    }

    private Object subjects(Request request) {
        int size = request.path().size();
        if (request.method().equals("POST") && size == 2) {
            return describe(store.lookup(request.segment(1), schema(request)));
        }
        boolean versions = size >= 3 && request.segment(2).equals("versions");
        if (request.method().equals("POST") && versions && size == 3) {
            SchemaStore.Registered registered = store.register(request.segment(1), schema(request));
            return Map.of("id", registered.id());
        }
        if (!request.method().equals("GET")) {
            throw noRoute(request);
        }
        if (size == 1) {
            return store.subjects();
        }
        if (versions && size == 3) {
            return store.versions(request.segment(1));
        }
        if (versions && size == 4) {
            return describe(store.version(request.segment(1), request.segment(3)));
        }
        throw noRoute(request);
    }

    private Object schemas(Request request) {
        int size = request.path().size();
        if (!request.method().equals("GET") || size < 2) {
            throw noRoute(request);
        }
        if (request.segment(1).equals("types") && size == 2) {
            return List.of("AVRO");
        }
        if (!request.segment(1).equals("ids") || size < 3 || size > 4) {
            throw noRoute(request);
        }
        int id = id(request.segment(2));
        if (size == 3) {
            return Map.of("schema", store.schema(id));
        }
        return switch (request.segment(3)) {
            case "versions" ->
                store.uses(id).stream()
                        .map(use -> Map.of("subject", use.subject(), "version", use.version()))
                        .toList();
            case "subjects" ->
                store.uses(id).stream()
                        .map(SchemaStore.Registered::subject)
                        .distinct()
                        .toList();
            default -> throw noRoute(request);
        };
    }

    private Object config(Request request) {
        if (request.path().size() > 2) {
            throw noRoute(request);
        }
        String subject = request.path().size() == 2 ? request.segment(1) : null;
        if (request.method().equals("PUT")) {
            CompatibilityLevel level = CompatibilityLevel.parse(request.text("compatibility"));
            store.setLevel(subject, level);
            return Map.of("compatibility", level.name());
        }
        if (!request.method().equals("GET")) {
            throw noRoute(request);
        }
        CompatibilityLevel level = subject == null ? store.globalLevel() : store.ownLevel(subject);
        if (level == null && request.asks("defaultToGlobal")) {
            level = store.globalLevel();
        }
        if (level == null) {
            throw RegistryError.noLevelOfItsOwn(String.valueOf(subject));
        }
        return Map.of("compatibilityLevel", level.name());
    }

    /** {@code /compatibility/subjects/{s}/versions[/{v}]} */
    private Object compatibility(Request request) {
        int size = request.path().size();
        if (!request.method().equals("POST")
                || size < 4
                || size > 5
                || !request.segment(1).equals("subjects")
                || !request.segment(3).equals("versions")) {
            throw noRoute(request);
        }
        String subject = request.segment(2);
        List<String> reasons = size == 4
                ? store.check(subject, schema(request))
                : store.check(subject, request.segment(4), schema(request));
        return request.asks("verbose")
                ? Map.of("is_compatible", reasons.isEmpty(), "messages", new ArrayList<>(reasons))
                : Map.of("is_compatible", reasons.isEmpty());
    }

    private static Object mode(Request request) {
        if (request.method().equals("PUT") && !request.text("mode").equals(READ_WRITE)) {
            throw RegistryError.invalidMode(request.text("mode"));
        }
        if (!request.method().equals("PUT") && !request.method().equals("GET")) {
            throw noRoute(request);
        }
        return Map.of("mode", READ_WRITE);
    }

    private static Schema schema(Request request) {
        String type = request.body().path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw RegistryError.invalidSchema("this registry holds AVRO only, not " + type);
        }
        if (!request.body().path("references").isEmpty()) {
            throw RegistryError.invalidSchema("references are not supported: send the schema resolved");
        }
        return SchemaStore.parse(request.text("schema"));
    }

    private static Map<String, Object> describe(SchemaStore.Registered registered) {
        return Map.of(
                "subject", registered.subject(),
                "version", registered.version(),
                "id", registered.id(),
                "schema", registered.schema());
    }

    private static int id(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw RegistryError.schemaNotFound(text);
        }
    }

    private static RegistryError noRoute(Request request) {
        return RegistryError.noRoute(request.method(), "/" + String.join("/", request.path()));
    }
}
