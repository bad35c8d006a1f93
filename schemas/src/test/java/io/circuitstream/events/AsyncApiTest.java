package io.circuitstream.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.circuitstream.events.Topics.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** {@code asyncapi.yaml} says what the code does. */
final class AsyncApiTest {
    private static final Path FILE = Path.of("asyncapi.yaml");
    private static final Map<Event, Class<?>> VALUES = Map.ofEntries(
            Map.entry(Event.PROMPTS, PromptSubmitted.class),
            Map.entry(Event.INFERENCES, InferenceCompleted.class),
            Map.entry(Event.GRAPHS, AttributionGraph.class),
            Map.entry(Event.CIRCUITS, Circuit.class),
            Map.entry(Event.VALIDATIONS, ValidationReport.class),
            Map.entry(Event.PROGRESS, StageProgress.class),
            Map.entry(Event.TRAINING, TrainingProgress.class),
            Map.entry(Event.STEERINGS, SteeringRequested.class),
            Map.entry(Event.STEERED, SteeringCompleted.class),
            Map.entry(Event.FEATURES, FeatureDescription.class),
            Map.entry(Event.LABELS, FeatureLabel.class),
            Map.entry(Event.ANNOTATIONS, CircuitAnnotations.class),
            Map.entry(Event.IMPORTS, GraphImported.class),
            Map.entry(Event.FINDINGS, AuditFinding.class),
            Map.entry(Event.CHECKPOINTS, AuditCheckpoint.class),
            Map.entry(Event.BEHAVIOURS, BehaviourSummary.class),
            Map.entry(Event.VECTORS, CircuitVector.class));

    private final JsonNode document;

    AsyncApiTest() throws IOException {
        document = new YAMLMapper().readTree(FILE.toFile());
    }

    @Test
    void shouldListExactlyTheTopicsOfADeployment() {
        Topics topics = new Topics("{prefix}");
        List<String> expected = Stream.concat(
                        Stream.of(Event.values()).map(topics::name),
                        Topics.STAGES.stream().map(topics::deadLetters))
                .toList();
        List<String> addresses = new ArrayList<>();
        document.get("channels")
                .forEach(channel -> addresses.add(channel.get("address").textValue()));

        assertThat(addresses).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(document.at("/components/parameters/prefix/default").textValue())
                .isEqualTo(Topics.DEFAULT_PREFIX);
    }

    @Test
    void shouldGiveEveryEventTopicItsEventWithTheNewestSchemaAndItsKey() throws IOException {
        for (Event event : Event.values()) {
            Class<?> type = VALUES.get(event);
            JsonNode messages = document.at("/channels/" + event.shortName() + "/messages");
            assertThat(messages.fieldNames()).toIterable().containsExactly(type.getSimpleName());
            JsonNode message = resolve(messages.get(type.getSimpleName()));
            Path schema =
                    Path.of(message.at("/payload/schema/$ref").textValue()).normalize();

            SchemaHistory history = SchemaHistory.of(type);
            assertThat(schema)
                    .isEqualTo(history.folder().resolve(history.versions().size() + ".avsc"));
            assertThat(new Schema.Parser().parse(schema.toFile()).getFullName()).isEqualTo(type.getName());
            assertThat(message.at("/bindings/kafka/key/type").textValue()).isEqualTo("string");
        }
    }

    @Test
    void shouldResolveEveryReferenceInsideTheDocument() {
        List<JsonNode> references = document.findValues("$ref");

        assertThat(references).hasSizeGreaterThan(Event.values().length);
        for (JsonNode reference : references) {
            String target = reference.textValue();
            if (target.startsWith("#")) {
                assertThat(document.at(target.substring(1)).isMissingNode())
                        .as(target)
                        .isFalse();
            } else {
                assertThat(Path.of(target)).exists();
            }
        }
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").textValue().substring(1)) : node;
    }
}
