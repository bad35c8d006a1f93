package io.circuitstream.dashboard.annotations;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a change did, in a few words. */
final class Difference {
    private Difference() {}

    /** For a person, for example {@code pinned 2, grouped 'capital'}. Names are as people gave them: escape before showing. */
    static String between(JsonNode before, JsonNode after) {
        List<String> words = new ArrayList<>();
        counted(words, "pinned", missing(elements(after.path("pins")), elements(before.path("pins"))));
        counted(words, "unpinned", missing(elements(before.path("pins")), elements(after.path("pins"))));
        Map<String, JsonNode> old = groups(before);
        Map<String, JsonNode> now = groups(after);
        now.forEach((name, nodes) -> {
            if (!old.containsKey(name)) {
                words.add("grouped '" + name + "'");
            } else if (!old.get(name).equals(nodes)) {
                words.add("changed '" + name + "'");
            }
        });
        old.keySet().stream()
                .filter(name -> !now.containsKey(name))
                .forEach(name -> words.add("ungrouped '" + name + "'"));
        if (!before.path("labels").equals(after.path("labels"))
                && !(before.path("labels").isMissingNode()
                        && after.path("labels").isEmpty())) {
            words.add("renamed");
        }
        return words.isEmpty() ? "no change" : String.join(", ", words);
    }

    private static void counted(List<String> words, String what, int count) {
        if (count > 0) {
            words.add(what + " " + count);
        }
    }

    private static List<JsonNode> elements(JsonNode list) {
        List<JsonNode> elements = new ArrayList<>();
        list.forEach(elements::add);
        return elements;
    }

    private static int missing(List<JsonNode> of, List<JsonNode> in) {
        return (int) of.stream().filter(element -> !in.contains(element)).count();
    }

    private static Map<String, JsonNode> groups(JsonNode annotations) {
        Map<String, JsonNode> groups = new LinkedHashMap<>();
        annotations
                .path("supernodes")
                .forEach(group -> groups.put(group.path("name").asText(), group.path("nodes")));
        return groups;
    }
}
