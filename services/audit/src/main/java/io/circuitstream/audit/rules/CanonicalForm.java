package io.circuitstream.audit.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.circuitstream.events.Severity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A rule as JSON on one line: the keys of the file in alphabetical order, no spaces, what has its default left out, numbers as Java
 * prints a double, durations in milliseconds, the features of a supernode sorted. Spelling, comments and order of a file do not change it.
 */
final class CanonicalForm {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private CanonicalForm() {}

    static String of(String name, Severity severity, Rule rule) {
        Map<String, Object> form = new TreeMap<>();
        form.put("name", name);
        form.put("severity", Fields.spelling(severity));
        form.put("kind", Fields.spelling(rule.kind()));
        if (rule instanceof Rule.Watched watched) {
            watched.scan().ifPresent(scan -> form.put("scan", scan));
            form.put("influence", watched.influence());
        }
        if (rule instanceof Rule.WatchedFeature watched) {
            form.putAll(feature(watched.feature()));
        } else if (rule instanceof Rule.WatchedLabel watched) {
            form.put("label", watched.label().pattern());
        } else if (rule instanceof Rule.WatchedSupernode watched) {
            form.put(
                    "features",
                    watched.features().stream()
                            .sorted(Comparator.comparingInt(Rule.Coordinates::layer)
                                    .thenComparingInt(Rule.Coordinates::feature))
                            .map(CanonicalForm::feature)
                            .toList());
        } else if (rule instanceof Rule.LowTrust trust) {
            trust.completenessBelow().ifPresent(value -> form.put("completenessBelow", value));
            trust.refutedShareAbove().ifPresent(value -> form.put("refutedShareAbove", value));
            trust.confirmedShareBelow().ifPresent(value -> form.put("confirmedShareBelow", value));
            if (trust.replacementDisagrees()) {
                form.put("replacementDisagrees", true);
            }
        } else if (rule instanceof Rule.Steering steering) {
            form.put("divergenceAbove", steering.divergenceAbove());
        } else if (rule instanceof Rule.MissingStage missing) {
            form.put("stage", Fields.spelling(missing.stage()));
            form.put("within", missing.within().toMillis());
        } else if (rule instanceof Rule.Drift drift) {
            form.put("measure", Fields.spelling(drift.measure()));
            form.put("divergence", drift.divergence());
            form.put("level", drift.level());
        }
        return json(form);
    }

    /** SHA-256 (hex) of forms, one a line. */
    static String version(List<String> forms) {
        try {
            byte[] bytes = String.join("\n", forms).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Map<String, Object> feature(Rule.Coordinates feature) {
        return new TreeMap<>(Map.of("layer", feature.layer(), "feature", feature.feature()));
    }

    private static String json(Map<String, Object> form) {
        try {
            return JSON.writeValueAsString(form);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts, numbers and lists are JSON", e);
        }
    }
}
