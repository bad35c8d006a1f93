package io.circuitstream.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Alerts and the Grafana dashboard use metrics that docs/metrics.md has, which a test of the services compares with what they answer. */
class MonitoringTest {
    private static final Pattern METRIC = Pattern.compile("\\b(circuitstream|kafka|jvm|process|system)_[a-z0-9_]+");

    @Test
    void shouldUseOnlyMetricsThatExistWhenAlertsAreEvaluated() throws IOException {
        List<String> expressions = new ArrayList<>();
        JsonNode alerts =
                new ObjectMapper(new YAMLFactory()).readTree(Repository.text("helm/circuitstream/files/alerts.yaml"));
        for (JsonNode group : alerts.path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                expressions.add(rule.path("expr").asText());
                assertThat(rule.path("alert").asText()).matches("Circuitstream[A-Za-z]+");
                assertThat(rule.path("labels").path("severity").asText()).isIn("warning", "critical");
                assertThat(rule.path("annotations").path("summary").asText()).isNotEmpty();
                assertThat(rule.path("annotations").path("description").asText())
                        .isNotEmpty();
            }
        }

        assertThat(expressions).hasSizeGreaterThan(8);
        assertThat(documented()).containsAll(metrics(expressions));
    }

    @Test
    void shouldUseOnlyMetricsThatExistWhenTheDashboardIsShown() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(Repository.text("helm/circuitstream/files/dashboard.json"));
        List<String> expressions = dashboard.findValuesAsText("expr");

        assertThat(expressions).hasSizeGreaterThan(10).allSatisfy(expression -> assertThat(metrics(List.of(expression)))
                .isNotEmpty());
        assertThat(documented()).containsAll(metrics(expressions));
    }

    private static Set<String> metrics(List<String> expressions) {
        return expressions.stream()
                .flatMap(expression -> METRIC.matcher(expression).results().map(MatchResult::group))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> documented() throws IOException {
        return Repository.text("docs/metrics.md")
                .lines()
                .filter(line -> line.startsWith("| `"))
                .flatMap(line ->
                        METRIC.matcher(line.split("\\|", -1)[1]).results().map(MatchResult::group))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
