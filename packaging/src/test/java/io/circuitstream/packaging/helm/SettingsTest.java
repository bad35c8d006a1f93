package io.circuitstream.packaging.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.events.Topics;
import io.circuitstream.packaging.ServiceSettings;
import io.circuitstream.platform.settings.ModelSettings;
import io.circuitstream.platform.settings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the chart knows of the services is what their code says. With {@code -Dhelm.record=true} the schema's settings are written. */
class SettingsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Values of their own, or facts of the image. */
    private static final Set<String> OF_THE_CHART = Set.of(
            "kafka.bootstrap.servers",
            "schema.registry.url",
            "schema.registry.user.info",
            "schema.registry.bearer.token",
            "serde.class",
            "topic.prefix",
            "topic.partitions",
            "topic.replication",
            "application.id.prefix",
            "instance.id",
            "state.dir",
            "http.host",
            "http.port",
            "shutdown.timeout",
            "model",
            "transcoder",
            "description.endpoint.token",
            "audit.key",
            "audit.rules",
            "dashboard.token",
            "dashboard.token.file",
            "dashboard.tokens.file",
            "dashboard.evaluation");

    static List<String> services() {
        return ServiceSettings.SERVICES;
    }

    @Test
    void shouldTakeEverySettingOfTheCodeWhenTheSchemaIsRead() throws IOException {
        Path file = Chart.folder().resolve("values.schema.json");
        ObjectNode schema = (ObjectNode) JSON.readTree(Files.readString(file));
        ObjectNode fresh = schema.deepCopy();
        for (String service : services()) {
            ((ObjectNode) fresh.at("/$defs/" + service + "Settings")).set("properties", properties(service));
        }

        if (Boolean.getBoolean("helm.record")) {
            Files.writeString(file, fresh.toPrettyString() + "\n");
            return;
        }
        assertThat(schema).as("stale: run the test with -Dhelm.record=true").isEqualTo(fresh);
    }

    private static ObjectNode properties(String service) {
        ObjectNode properties = JSON.createObjectNode();
        for (Setting<?> setting : ServiceSettings.declared(service)) {
            if (!OF_THE_CHART.contains(name(setting))) {
                properties
                        .putObject(name(setting))
                        .put("description", setting.doc() + " Allowed: " + setting.allowed() + ".")
                        .putArray("type")
                        .add("string")
                        .add("number")
                        .add("boolean");
            }
        }
        return properties;
    }

    private static String name(Setting<?> setting) {
        return setting.key().substring("circuitstream.".length());
    }

    @Test
    void shouldNameOnlySettingsThatExistWhenTheChartKeepsThemForItself() {
        List<String> existing = services().stream()
                .flatMap(service -> ServiceSettings.declared(service).stream())
                .map(SettingsTest::name)
                .toList();

        assertThat(existing).containsAll(OF_THE_CHART);
    }

    @ParameterizedTest
    @MethodSource("services")
    void shouldKnowWhatAServiceNeedsWhenItIsDeployed(String service) throws IOException {
        JsonNode facts = Chart.file("services.yaml").get(service);

        Setting<?> model = ServiceSettings.declared(service).stream()
                .filter(setting -> setting.key().equals(ModelSettings.MODEL.key()))
                .findFirst()
                .orElse(null);
        assertThat(facts.get("model").asText())
                .isEqualTo(model == null ? "none" : model.isRequired() ? "required" : "optional");
        assertThat(facts.get("group").asBoolean()).isEqualTo(Topics.STAGES.contains(service));
        assertThat(facts.get("state").asBoolean()).isEqualTo(hasStores(service));
        if (facts.get("group").asBoolean()) {
            Topics.Event read = Topics.Event.valueOf(facts.get("reads").asText().toUpperCase(Locale.ROOT));
            assertThat(source(service))
                    .anyMatch(text -> text.contains("Event." + read + ",") || text.contains("Event." + read + ")"));
        }
    }

    /** Whether its code names a store of Kafka Streams' or of its own. */
    private static boolean hasStores(String service) throws IOException {
        return source(service).stream()
                .anyMatch(text -> text.contains("streams.state.Stores;") || text.contains("import org.rocksdb."));
    }

    private static List<String> source(String service) throws IOException {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Chart.folder().resolve("../../services/" + service + "/src/main/java"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.add(Files.readString(file));
            }
        }
        return texts;
    }

    @Test
    void shouldKnowEveryServiceWhenFactsValuesAndSchemaAreRead() throws IOException {
        assertThat(Chart.file("services.yaml").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(services());
        assertThat(Chart.values().get("services").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(services());
    }
}
