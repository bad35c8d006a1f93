package io.circuitstream.dashboard.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.circuitstream.dashboard.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads tokens that were handed out from a JSON list of {@code name}, {@code token}, {@code role} and {@code tenants}. */
public final class TokenFile {
    private static final Set<String> FIELDS = Set.of("name", "token", "role", "tenants");
    /** What may stand in a header. */
    private static final String TOKEN = "[\\x21-\\x7e]+";

    private TokenFile() {}

    /**
     * The tokens.
     *
     * @throws IllegalArgumentException saying which entry is wrong, why, and what it takes; never with a token in it
     */
    public static StaticTokens read(byte[] file) {
        JsonNode list = parse(file);
        if (!list.isArray() || list.isEmpty()) {
            throw new IllegalArgumentException("must be a JSON list of at least one token, such as "
                    + "[{\"name\": \"ci\", \"token\": \"…\", \"role\": \"operator\", \"tenants\": [\"acme\"]}]");
        }
        StaticTokens tokens = StaticTokens.NONE;
        Set<String> names = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode entry = list.get(i);
            String where = "entry " + (i + 1);
            requireFields(entry, where);
            Principal principal = principal(entry, where);
            String token = text(entry, "token", where);
            require(token.matches(TOKEN), where, "token must be of visible ASCII characters, without spaces");
            require(names.add(principal.name()), where, "another entry has the same name: give each its own");
            require(tokens.find(token).isEmpty(), where, "another entry has the same token: give each its own");
            tokens = tokens.with(token, principal);
        }
        return tokens;
    }

    private static JsonNode parse(byte[] file) {
        try {
            return Json.MAPPER.readTree(file);
        } catch (JsonProcessingException e) { // its message may quote a token
            String where = e.getLocation() == null
                    ? ""
                    : ": see line " + e.getLocation().getLineNr();
            throw new IllegalArgumentException("is no JSON" + where);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read");
        }
    }

    private static void requireFields(JsonNode entry, String where) {
        require(entry.isObject(), where, "must be an object with name, token, role and, where not all, tenants");
        entry.fieldNames()
                .forEachRemaining(name -> require(
                        FIELDS.contains(name), where, name + " is not known: there are name, token, role and tenants"));
    }

    private static Principal principal(JsonNode entry, String where) {
        String name = text(entry, "name", where);
        Role role = Role.of(text(entry, "role", where))
                .orElseThrow(() -> new IllegalArgumentException(where + ": role must be viewer, operator or admin"));
        if (!entry.has("tenants")) {
            return new Principal(name, role, Tenants.ALL, null);
        }
        List<String> tenants = new ArrayList<>();
        for (JsonNode tenant : entry.path("tenants")) {
            require(tenant.isTextual() && !tenant.textValue().isBlank(), where, "tenants must be texts");
            tenants.add(tenant.textValue());
        }
        require(
                entry.path("tenants").isArray() && !tenants.isEmpty(),
                where,
                "tenants must be a list of at least one: leave it out for all");
        return new Principal(name, role, Tenants.of(tenants), null);
    }

    private static String text(JsonNode entry, String field, String where) {
        JsonNode text = entry.path(field);
        require(text.isTextual() && !text.textValue().isBlank(), where, field + " must be a text that is not empty");
        return text.textValue();
    }

    private static void require(boolean condition, String where, String problem) {
        if (!condition) {
            throw new IllegalArgumentException(where + ": " + problem);
        }
    }
}
