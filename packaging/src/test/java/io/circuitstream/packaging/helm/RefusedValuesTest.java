package io.circuitstream.packaging.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong values stop before anything reaches a cluster, with a message that names the place. */
class RefusedValuesTest {
    private static final String GOOD =
            "{kafka: {bootstrapServers: 'kafka:9092'}, schemaRegistry: {url: 'http://registry:8081'},"
                    + " models: {claimName: models}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "kafak: {}                                                          | kafak",
                "service: {}                                                        | service",
                "services: {inferense: {enabled: true}}                             | inferense",
                "services: {inference: {replica: 2}}                                | replica",
                "services: {inference: {replicas: two}}                             | /services/inference/replicas",
                "services: {inference: {replicas: -1}}                              | /services/inference/replicas",
                "services: {inference: {settings: {prompt.max.token: 9}}}           | prompt.max.token",
                "services: {inference: {settings: {audit.key: x}}}                  | audit.key",
                "services: {inference: {settings: {http.port: 9090}}}               | http.port",
                "services: {inference: {key: {secretName: a, secretKey: b}}}        | key",
                "services: {dashboard: {autoscaling: {enabled: true}}}              | autoscaling",
                "services: {audit: {key: {secretName: a}}}                          | secretKey",
                "services: {pruning: {resources: {limits: {memory: 1Gi}}}}          | requests",
                "image: {tag: latest}                                               | /image/tag",
                "image: {digests: {inference: 'sha256:short'}}                      | /image/digests/inference",
                "topics: {partitions: 0}                                            | /topics/partitions",
                "topics: {replication: 0}                                           | /topics/replication",
                "topics: {prefix: 'a b'}                                            | /topics/prefix",
                "defaults: {logLevel: LOUD}                                         | /defaults/logLevel",
                "defaults: {shutdownTimeoutSeconds: 0}                              | /defaults/shutdownTimeoutSeconds",
                "kafka: {bootstrapServers: 'kafka'}                                 | /kafka/bootstrapServers",
                "kafka: {secretProperties: [{property: a}]}                         | secretName",
                "schemaRegistry: {url: 'registry:8081'}                             | /schemaRegistry/url",
                "models: {s3: {image: 'amazon/aws-cli'}}                            | /models/s3/image",
                "models: {oci: {image: 'oras:latest'}}                              | /models/oci/image",
                "networkPolicy: {enable: false}                                     | enable",
                // What the schema cannot say:
                "kafka: {bootstrapServers: ''}                                      | kafka: give bootstrapServers, or strimzi.cluster",
                "kafka: {bootstrapServers: 'kafka:9092', strimzi: {cluster: main}}  | not both",
                "schemaRegistry: {url: ''}                                          | schemaRegistry.url is missing",
                "models: {claimName: ''}                                            | give one of claimName, s3.uri, oci.reference and baked, not 0",
                "models: {claimName: models, baked: true}                           | not 2 of them",
                "services: {audit: {enabled: true}}                                 | services.audit.key is missing",
                "services: {dashboard: {enabled: true}}                             | services.dashboard.token is missing",
                "training: {enabled: true, outputClaimName: out}                    | training.args is missing",
                "training: {enabled: true, args: [transcoder]}                      | training.outputClaimName is missing",
            })
    void shouldSayWhereWhenAValueIsWrong(String wrong, String message, @TempDir Path folder) throws IOException {
        Path good = Files.writeString(folder.resolve("good.yaml"), GOOD + "}");
        Path values = Files.writeString(folder.resolve("values.yaml"), "{" + wrong + "}");

        assertThatThrownBy(() -> Chart.render(good, values)).hasMessageContaining(message);
    }

    @Test
    void shouldRenderWhenNothingIsWrong(@TempDir Path folder) throws IOException {
        assertThat(Chart.render(Files.writeString(folder.resolve("good.yaml"), GOOD + "}")))
                .contains("kind: Deployment");
    }

    /** An object that takes anything is one whose content is Kubernetes' or free. */
    @Test
    void shouldTakeNoUnknownKeyWhenAnObjectHasKeysOfOurs() throws IOException {
        List<String> open = new ArrayList<>();
        collectOpen(
                new ObjectMapper().readTree(Files.readString(Chart.folder().resolve("values.schema.json"))), "", open);

        assertThat(open)
                .containsExactlyInAnyOrder(
                        "/properties/global",
                        "/properties/defaults/properties/affinity",
                        "/properties/defaults/properties/tolerations/items",
                        "/$defs/peers/items");
    }

    private static void collectOpen(JsonNode schema, String path, List<String> open) {
        if (schema.isObject()) {
            if (schema.path("type").asText().equals("object") && !schema.has("additionalProperties")) {
                open.add(path);
            }
            schema.properties().forEach(entry -> collectOpen(entry.getValue(), path + "/" + entry.getKey(), open));
        }
    }
}
