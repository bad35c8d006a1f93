package io.circuitstream.packaging.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitstream.packaging.Repository;
import io.circuitstream.packaging.ServiceSettings;
import io.circuitstream.platform.topics.TopicSpec;
import io.circuitstream.standalone.cli.Circuitstream;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Strimzi's topics are those that {@code circuitstream topics --apply} makes. With {@code -Dhelm.record=true} files/topics.yaml is written. */
class TopicsTest {
    private static final String HEADER =
            "# The topics without their prefix, for Strimzi. Written from the code: the test TopicsTest with -Dhelm.record=true\n";

    @Test
    void shouldListTheTopicsOfTheCodeWhenTheFileIsRead() throws IOException {
        StringBuilder fresh = new StringBuilder(HEADER).append("topics:\n");
        for (TopicSpec topic : TopicSpec.all(ServiceSettings.resolve("topics", Map.of()))) {
            fresh.append("  - name: ")
                    .append(topic.name().substring("circuitstream.".length()))
                    .append('\n');
            if (!topic.configs().isEmpty()) {
                fresh.append("    config: {")
                        .append(new TreeMap<>(topic.configs())
                                .entrySet().stream()
                                        .map(entry -> entry.getKey() + ": " + entry.getValue())
                                        .collect(Collectors.joining(", ")))
                        .append("}\n");
            }
        }

        if (Boolean.getBoolean("helm.record")) {
            Files.writeString(Chart.folder().resolve("files/topics.yaml"), fresh);
            return;
        }
        assertThat(Chart.folder().resolve("files/topics.yaml"))
                .as("stale: run the test with -Dhelm.record=true")
                .hasContent(fresh.toString());
    }

    @ParameterizedTest
    @CsvSource({"strimzi.yaml, kafka.strimzi.io/v1, circuits", "strimzi-elsewhere.yaml, kafka.strimzi.io/v1beta2, kafka"
    })
    void shouldBeAsTheCodeWantsThemWhenStrimziMakesTopics(String valueSet, String apiVersion, String namespace)
            throws IOException {
        JsonNode values = Repository.documents(Files.readString(Chart.valueSet(valueSet)))
                .get(0)
                .path("topics");
        List<TopicSpec> wanted = TopicSpec.all(ServiceSettings.resolve(
                "topics",
                Map.of(
                        "CIRCUITSTREAM_TOPIC_PREFIX", values.path("prefix").asText("circuitstream"),
                        "CIRCUITSTREAM_TOPIC_PARTITIONS",
                                values.path("partitions").asText("4"),
                        "CIRCUITSTREAM_TOPIC_REPLICATION",
                                values.path("replication").asText("-1"))));

        List<HasMetadata> manifests = Chart.manifests(valueSet);

        List<KafkaTopic> topics = Manifests.of(KafkaTopic.class, manifests);
        assertThat(topics.stream().map(TopicsTest::spec)).containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(topics).allSatisfy(topic -> {
            assertThat(topic.getMetadata().getNamespace()).isEqualTo(namespace);
            assertThat(topic.getMetadata().getLabels()).containsEntry("strimzi.io/cluster", "main");
            assertThat(topic.getMetadata().getAnnotations()).containsEntry("helm.sh/resource-policy", "keep");
        });
        // The typed object says its own version, whatever was read.
        assertThat(Repository.documents(Chart.render(Chart.valueSet(valueSet))).stream()
                        .filter(document -> document.path("kind").asText().equals("KafkaTopic"))
                        .map(document -> document.path("apiVersion").asText()))
                .hasSize(topics.size())
                .containsOnly(apiVersion);
        assertThat(Manifests.of(Job.class, manifests)).isEmpty();
    }

    private static TopicSpec spec(KafkaTopic topic) {
        Map<String, String> configs = new TreeMap<>();
        if (topic.getSpec().getConfig() != null) {
            topic.getSpec().getConfig().forEach((key, value) -> configs.put(key, value.toString()));
        }
        Integer replicas = topic.getSpec().getReplicas();
        return new TopicSpec(
                topic.getSpec().getTopicName(),
                topic.getSpec().getPartitions(),
                replicas == null ? -1 : replicas,
                configs);
    }

    @Test
    void shouldMakeThemBeforeTheServicesWhenKafkaIsSomebodyElses() {
        Job job = Manifests.of(Job.class, Chart.manifests("minimal.yaml")).get(0);
        var container = job.getSpec().getTemplate().getSpec().getContainers().get(0);

        assertThat(job.getMetadata().getAnnotations()).containsEntry(Chart.HOOK, "pre-install,pre-upgrade");
        assertThat(container.getImage()).isEqualTo("circuitstream/standalone:0.1.0");
        assertThat(new CommandLine(Circuitstream.class)
                        .parseArgs(container.getArgs().toArray(String[]::new))
                        .hasSubcommand())
                .isTrue();
        assertThat(Environment.of(container).values()).containsEntry("CIRCUITSTREAM_TOPIC_PARTITIONS", "4");
        assertThat(job.getSpec().getTemplate().getSpec().getServiceAccountName())
                .as("a hook runs before the chart's account is made")
                .isNull();
    }
}
