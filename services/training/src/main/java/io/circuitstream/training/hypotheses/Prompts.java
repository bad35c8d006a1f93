package io.circuitstream.training.hypotheses;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Prompts as they are, and those that templates with {@code {names}} give with every combination of the words.
 *
 * @param words of each name
 */
record Prompts(List<String> prompts, List<String> templates, Map<String, List<String>> words) {
    Prompts {
        prompts = prompts == null ? List.of() : prompts;
        templates = templates == null ? List.of() : templates;
        words = words == null ? Map.of() : words;
    }

    List<String> all() {
        List<String> filled = templates;
        for (Map.Entry<String, List<String>> name : words.entrySet()) {
            List<String> more = new ArrayList<>();
            for (String template : filled) {
                for (String word : name.getValue()) {
                    more.add(template.replace("{" + name.getKey() + "}", word));
                }
            }
            filled = more;
        }
        List<String> all = new ArrayList<>(prompts);
        all.addAll(filled);
        return all;
    }
}
