package io.circuitstream.packaging.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitstream.packaging.Repository;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** docker/compose.yaml with its variables filled in, as compose reads it. */
record Compose(JsonNode file, Map<String, String> defaults) {
    private static final Pattern VARIABLE = Pattern.compile("(?<!\\$)\\$\\{(\\w+):-([^}]*)}");

    static Compose read() throws IOException {
        String text = Repository.text("docker/compose.yaml");
        Map<String, String> defaults = new LinkedHashMap<>();
        String filled = VARIABLE.matcher(text).replaceAll(match -> {
            defaults.put(match.group(1), match.group(2));
            return Matcher.quoteReplacement(match.group(2));
        });
        return new Compose(Repository.documents(filled.replace("$$", "$")).get(0), defaults);
    }

    Map<String, JsonNode> services() {
        Map<String, JsonNode> services = new LinkedHashMap<>();
        file.get("services").fields().forEachRemaining(entry -> services.put(entry.getKey(), entry.getValue()));
        return services;
    }

    /** Those that a profile starts. */
    Set<String> of(String profile) {
        Set<String> names = new TreeSet<>();
        services().forEach((name, service) -> {
            if (words(service.get("profiles")).contains(profile)) {
                names.add(name);
            }
        });
        return names;
    }

    /** What makes an image of ours, with the service that is in it; empty for images of others. */
    static String ours(JsonNode service) {
        return service.path("build").path("args").path("SERVICE").asText("");
    }

    static List<String> words(JsonNode array) {
        List<String> words = new ArrayList<>();
        if (array != null) {
            array.forEach(word -> words.add(word.asText()));
        }
        return words;
    }

    static Map<String, String> environment(JsonNode service) {
        Map<String, String> environment = new LinkedHashMap<>();
        service.path("environment")
                .fields()
                .forEachRemaining(e -> environment.put(e.getKey(), e.getValue().asText()));
        return environment;
    }
}
