package io.circuitstream.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What helm/circuitstream gives the pods of a service and how it replaces them, read from its files: packaging's tests render it with
 * Helm itself and need many times this test's dependencies.
 */
final class ChartSettings {
    private static final Path CHART = Path.of("../../helm/circuitstream");
    /** {@code {name: X, value: "{{ mul 1000 (int $values.y) }}s"}}. */
    private static final Pattern NUMBER = Pattern.compile(
            "\\{name: (\\w+), value: \"\\{\\{ (?:mul (\\d+) )?\\(?int \\$values\\.(\\w+)\\)? }}(\\w*)\"}");

    private static final Pattern GRACE =
            Pattern.compile("terminationGracePeriodSeconds: \\{\\{ add (\\d+) \\(int \\.values\\.(\\w+)\\) }}");
    private static final Pattern SURGE = Pattern.compile("rollingUpdate: \\{maxSurge: ([1-9]\\d*), maxUnavailable: 0}");
    private static final Pattern NAMED = Pattern.compile("if and \\.facts\\.state \\.facts\\.group }}"
            + "(?:\\n#.*)?\\n- name: (\\w+)\\n  valueFrom: \\{fieldRef: \\{fieldPath: metadata\\.name}}");

    private final String pod;
    private final String workload;
    private final JsonNode facts;
    private final JsonNode values;

    private ChartSettings(String service) throws IOException {
        YAMLMapper yaml = new YAMLMapper();
        pod = Files.readString(CHART.resolve("templates/_service.tpl"));
        workload = Files.readString(CHART.resolve("templates/services.yaml"));
        facts = yaml.readTree(CHART.resolve("files/services.yaml").toFile()).required(service);
        JsonNode all = yaml.readTree(CHART.resolve("values.yaml").toFile());
        ObjectNode merged = all.required("defaults").deepCopy();
        merged.setAll((ObjectNode) all.required("services").required(service));
        values = merged;
    }

    static ChartSettings of(String service) throws IOException {
        return new ChartSettings(service);
    }

    /** Whether instances have names and folders that stay theirs: a StatefulSet. */
    boolean isStateful() {
        return facts.required("state").asBoolean();
    }

    /** Whether a new instance is ready before an old one is stopped. */
    boolean surges() {
        return !isStateful() && SURGE.matcher(workload).find();
    }

    /** Between SIGTERM and SIGKILL. */
    Duration grace() {
        MatchResult found = only(GRACE);
        return Duration.ofSeconds(Integer.parseInt(found.group(1))
                + values.required(found.group(2)).asInt());
    }

    /** What of a pod's variables is no address, no path and no secret. */
    Map<String, String> environment(String podName) {
        Map<String, String> environment = new HashMap<>();
        NUMBER.matcher(pod)
                .results()
                .filter(found -> values.has(found.group(3)))
                .forEach(found -> {
                    int factor = found.group(2) == null ? 1 : Integer.parseInt(found.group(2));
                    environment.put(
                            found.group(1), factor * values.get(found.group(3)).asInt() + found.group(4));
                });
        if (isStateful() && facts.required("group").asBoolean()) {
            environment.put(only(NAMED).group(1), podName);
        }
        values.required("settings")
                .properties()
                .forEach(setting -> environment.put(
                        "CIRCUITSTREAM_"
                                + setting.getKey().toUpperCase(Locale.ROOT).replace('.', '_'),
                        setting.getValue().asText()));
        return environment;
    }

    private MatchResult only(Pattern pattern) {
        return pattern.matcher(pod)
                .results()
                .findFirst()
                .orElseThrow(() -> new AssertionError("the chart's template has no " + pattern));
    }
}
