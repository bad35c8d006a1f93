package io.circuitstream.packaging.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitstream.events.Topics;
import io.circuitstream.packaging.ServiceSettings;
import io.circuitstream.training.TrainCommand;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What single sets of values lead to. */
class WorkloadsTest {

    @Test
    void shouldKeepStateUnderItsNameWhenAServiceHasStores() {
        List<StatefulSet> sets = Manifests.of(StatefulSet.class, Chart.manifests("tls-scram.yaml"));

        assertThat(sets)
                .extracting(WorkloadsTest::component)
                .containsExactlyInAnyOrder("description", "audit", "dashboard");
        assertThat(sets).allSatisfy(set -> {
            assertThat(set.getSpec().getVolumeClaimTemplates()).singleElement().satisfies(claim -> assertThat(
                            claim.getMetadata().getName())
                    .isEqualTo("state"));
            assertThat(set.getSpec().getServiceName())
                    .isEqualTo(set.getMetadata().getName());
            boolean named = !component(set).equals("dashboard"); // It is no consumer group.
            assertThat(variable(main(set), "CIRCUITSTREAM_INSTANCE_ID") != null).isEqualTo(named);
            if (named) {
                assertThat(variable(main(set), "CIRCUITSTREAM_INSTANCE_ID")
                                .getValueFrom()
                                .getFieldRef()
                                .getFieldPath())
                        .isEqualTo("metadata.name");
                assertThat(variable(main(set), "KAFKA_CONSUMER_SESSION_TIMEOUT_MS")
                                .getValue())
                        .isEqualTo("30000");
            }
        });
    }

    @Test
    void shouldReplaceBeforeItStopsWhenAServiceHasNoStores() {
        List<Deployment> deployments = Manifests.of(Deployment.class, Chart.manifests("minimal.yaml"));

        assertThat(deployments)
                .extracting(WorkloadsTest::component)
                .containsExactlyInAnyOrder("inference", "attribution", "pruning", "validation");
        assertThat(deployments).allSatisfy(deployment -> {
            var update = deployment.getSpec().getStrategy().getRollingUpdate();
            assertThat(update.getMaxUnavailable().getIntVal()).isZero();
            assertThat(update.getMaxSurge().getIntVal()).isOne();
            assertThat(variable(main(deployment), "CIRCUITSTREAM_INSTANCE_ID")).isNull();
        });
    }

    @Test
    void shouldFollowTheLagOfWhatItReadsWhenAServiceScales() {
        List<HasMetadata> manifests = Chart.manifests("autoscaling.yaml");
        Map<String, JsonNode> scaled = Manifests.of(GenericKubernetesResource.class, manifests).stream()
                .collect(Collectors.toMap(WorkloadsTest::component, Manifests::json));

        assertThat(scaled).containsOnlyKeys("inference", "attribution", "pruning", "description");
        Topics topics = new Topics("circuitstream");
        assertScales(scaled.get("inference"), "Deployment", 0, 8, topics.name(Topics.Event.PROMPTS), "50");
        assertScales(scaled.get("attribution"), "Deployment", 2, 32, topics.name(Topics.Event.INFERENCES), "20");
        assertScales(scaled.get("pruning"), "Deployment", 1, 32, topics.name(Topics.Event.GRAPHS), "20");
        assertScales(scaled.get("description"), "StatefulSet", 1, 4, topics.name(Topics.Event.INFERENCES), "20");
        // Two who set the number of instances would fight.
        assertThat(Manifests.of(Deployment.class, manifests))
                .allSatisfy(deployment -> assertThat(deployment.getSpec().getReplicas() == null)
                        .isEqualTo(scaled.containsKey(component(deployment))));
    }

    private static void assertScales(JsonNode scaled, String kind, int min, int max, String topic, String lag) {
        JsonNode spec = scaled.get("spec");
        JsonNode trigger = spec.at("/triggers/0");
        String service =
                scaled.at("/metadata/labels/app.kubernetes.io~1component").asText();
        assertThat(scaled.get("apiVersion").asText()).isEqualTo("keda.sh/v1alpha1");
        assertThat(spec.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("scaleTargetRef", "minReplicaCount", "maxReplicaCount", "triggers");
        assertThat(spec.at("/scaleTargetRef/kind").asText()).isEqualTo(kind);
        assertThat(spec.at("/scaleTargetRef/name").asText()).isEqualTo("trace-circuitstream-" + service);
        assertThat(spec.get("minReplicaCount").asInt()).isEqualTo(min);
        assertThat(spec.get("maxReplicaCount").asInt()).isEqualTo(max);
        assertThat(trigger.get("type").asText()).isEqualTo("kafka");
        assertThat(trigger.at("/authenticationRef/name").asText()).isEqualTo("kafka");
        assertThat(trigger.get("metadata").properties().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().asText())))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "bootstrapServers", "kafka:9092",
                        "consumerGroup", "circuitstream-" + service,
                        "topic", topic,
                        "lagThreshold", lag,
                        "offsetResetPolicy", "earliest",
                        "tls", "enable",
                        "sasl", "scram_sha512",
                        "activationLagThreshold", "5"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inference",
                "attribution",
                "pruning",
                "validation",
                "description",
                "audit",
                "dashboard",
                "topics",
                "training"
            })
    void shouldHaveAUserOfItsOwnWhenSecretsNameTheService(String service) {
        PodSpec pod = pods(Chart.manifests("tls-scram.yaml"), service);

        Container container = pod.getContainers().get(0);
        SecretKeySelector user = secret(container, "KAFKA_SASL_JAAS_CONFIG");
        assertThat(user.getName()).isEqualTo("circuitstream-" + service);
        assertThat(user.getKey()).isEqualTo("sasl.jaas.config");
        assertThat(secret(container, "CIRCUITSTREAM_SCHEMA_REGISTRY_USER_INFO").getKey())
                .isEqualTo(service);
        assertThat(secret(container, "KAFKA_SSL_TRUSTSTORE_PASSWORD").getName()).isEqualTo("circuitstream-kafka");
        assertThat(pod.getVolumes())
                .filteredOn(volume -> volume.getName().equals("kafka-files"))
                .extracting(volume -> volume.getSecret().getSecretName())
                .containsExactly(service + "-kafka-files");
    }

    @Test
    void shouldReadItsTokensFromAFileWhenASecretHasThem() {
        PodSpec pod = pods(Chart.manifests("oidc.yaml"), "dashboard");

        Container container = pod.getContainers().get(0);
        assertThat(variable(container, "CIRCUITSTREAM_DASHBOARD_TOKENS_FILE").getValue())
                .isEqualTo("/secrets/dashboard-tokens/tokens.json");
        assertThat(container.getVolumeMounts())
                .filteredOn(mount -> mount.getMountPath().equals("/secrets/dashboard-tokens"))
                .singleElement()
                .satisfies(mount -> assertThat(pod.getVolumes())
                        .filteredOn(volume -> volume.getName().equals(mount.getName()))
                        .extracting(
                                volume -> volume.getSecret().getItems().get(0).getPath())
                        .containsExactly("tokens.json"));
        assertThat(variable(container, "CIRCUITSTREAM_DASHBOARD_OIDC_ROLES_CLAIM")
                        .getValue())
                .isEqualTo("realm_access.roles");
    }

    private static SecretKeySelector secret(Container container, String variable) {
        return variable(container, variable).getValueFrom().getSecretKeyRef();
    }

    @Test
    void shouldFetchTheModelFirstWhenItLiesInS3() {
        List<HasMetadata> manifests = Chart.manifests("s3.yaml");

        Container fetch = pods(manifests, "inference").getInitContainers().get(0);
        assertThat(fetch.getArgs())
                .containsExactly("s3", "cp", "--recursive", "--no-progress", "s3://models/circuitstream", "/models");
        assertThat(variable(fetch, "AWS_ENDPOINT_URL").getValue()).isEqualTo("http://minio.storage.svc:9000");
        assertThat(variable(fetch, "AWS_SECRET_ACCESS_KEY")
                        .getValueFrom()
                        .getSecretKeyRef()
                        .getName())
                .isEqualTo("minio");
        assertThat(pods(manifests, "pruning").getInitContainers())
                .as("without a model")
                .isEmpty();
        assertThat(Environment.of(pods(manifests, "inference").getContainers().get(0))
                        .values())
                .containsEntry("CIRCUITSTREAM_MODEL", "/models/gemma-2-2b")
                .containsEntry("CIRCUITSTREAM_TRANSCODER", "/models/gemma-scope/clt");
    }

    @Test
    void shouldFetchTheModelFirstWhenItIsAnOciArtefact() {
        Container fetch = pods(Chart.manifests("oci.yaml"), "validation")
                .getInitContainers()
                .get(0);

        assertThat(fetch.getArgs())
                .containsExactly("pull", "--output", "/models", "artefacts.example.org:5000/models/tiny-ten:1");
        assertThat(variable(fetch, "DOCKER_CONFIG").getValue()).isEqualTo("/registry");
    }

    @Test
    void shouldMountNothingWhenTheImageHoldsTheModel() {
        PodSpec inference = pods(Chart.manifests("baked.yaml"), "inference");

        assertThat(inference.getVolumes()).noneMatch(volume -> volume.getName().equals("models"));
        assertThat(inference.getContainers().get(0).getImage()).isEqualTo("circuitstream/inference:0.1.0-demo");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "minimal.yaml,           53 53 9092 8081",
                "tls-scram.yaml,         53 53 9096 9196 8443 443",
                "oidc.yaml,              53 53 9092 8081 8443",
                "strimzi-elsewhere.yaml, 53 53 9093 443",
                "s3.yaml,                53 53 9092 8081 9000",
                "s3-aws.yaml,            53 53 9092 8081 443",
                "oci.yaml,               53 53 9092 8081 5000",
                "settings.yaml,          53 53 9092 8081 8443",
                "monitored.yaml,         53 53 9092 8081 4318",
            })
    void shouldReachOnlyWhatItNeedsWhenTheNetworkIsClosed(String valueSet, String ports) {
        NetworkPolicy policy =
                Manifests.of(NetworkPolicy.class, Chart.manifests(valueSet)).get(0);

        assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
        assertThat(policy.getSpec().getEgress().stream()
                        .flatMap(rule -> rule.getPorts().stream())
                        .map(port -> port.getPort().getIntVal().toString())
                        .collect(Collectors.joining(" ")))
                .isEqualTo(ports);
    }

    @Test
    void shouldTrainWithOptionsThatExistWhenTheJobRuns() {
        Job job = Manifests.of(Job.class, Chart.manifests("training.yaml")).stream()
                .filter(found -> component(found).equals("training"))
                .findFirst()
                .orElseThrow();
        Container training = main(job);

        var parsed =
                new CommandLine(new TrainCommand()).parseArgs(training.getArgs().toArray(String[]::new));

        assertThat(parsed.subcommand().commandSpec().name()).isEqualTo("transcoder");
        assertThat(training.getArgs()).endsWith("--bootstrap-servers", "kafka:9092");
        assertThat(training.getVolumeMounts())
                .anyMatch(mount -> mount.getMountPath().equals("/output"));
    }

    @Test
    void shouldSendSpansAndWriteJsonWhenItIsMonitored() {
        List<HasMetadata> manifests = Chart.manifests("monitored.yaml");

        for (String service : List.of("inference", "dashboard")) {
            assertThat(Environment.of(pods(manifests, service).getContainers().get(0))
                            .values())
                    .containsEntry("LOG_FORMAT", "json")
                    .containsEntry("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318");
        }
    }

    @Test
    void shouldWriteNumbersInDigitsWhenSettingsAreLarge() {
        List<HasMetadata> manifests = Chart.manifests("settings.yaml");

        assertThat(Environment.of(pods(manifests, "audit").getContainers().get(0))
                        .values())
                .containsEntry("CIRCUITSTREAM_AUDIT_WINDOW_FEATURES", "10000000")
                .containsEntry("CIRCUITSTREAM_SHUTDOWN_TIMEOUT", "90s")
                .containsEntry("KAFKA_CONSUMER_FETCH_MAX_BYTES", "104857600")
                .containsEntry("LOG_LEVEL", "DEBUG");
        assertThat(Environment.of(pods(manifests, "dashboard").getContainers().get(0))
                        .values())
                .containsEntry("CIRCUITSTREAM_DASHBOARD_MAX_TRACES", "100000000")
                .containsEntry("CIRCUITSTREAM_DASHBOARD_TOKEN_FILE", "/secrets/dashboard/token");
        assertThat(pods(manifests, "audit").getTerminationGracePeriodSeconds()).isEqualTo(110);
    }

    @Test
    void shouldBePlacedAndNamedAsToldWhenDefaultsAndServicesSaySo() {
        List<HasMetadata> manifests = Chart.manifests("placed.yaml");
        PodSpec attribution = pods(manifests, "attribution");

        assertThat(pods(manifests, "inference").getContainers().get(0).getImage())
                .isEqualTo("registry.example.org:5000/circuitstream/inference@sha256:" + "a".repeat(64));
        assertThat(attribution.getNodeSelector()).containsEntry("pool", "cpu");
        assertThat(attribution.getServiceAccountName()).isEqualTo("existing");
        assertThat(attribution.getImagePullSecrets()).extracting("name").containsExactly("registry");
        assertThat(attribution.getAffinity().getNodeAffinity()).isNotNull();
        assertThat(pods(manifests, "pruning").getAffinity().getPodAntiAffinity())
                .isNotNull();
        assertThat(Manifests.of(Deployment.class, manifests))
                .allSatisfy(deployment -> assertThat(deployment.getSpec().getReplicas())
                        .isEqualTo(component(deployment).equals("attribution") ? 6 : 3));
    }

    @Test
    void shouldBeMonitoredAndServedWhenMonitorAndIngressAreMade() {
        List<HasMetadata> monitored = Chart.manifests("monitored.yaml");
        ServiceMonitor monitor = Manifests.of(ServiceMonitor.class, monitored).get(0);
        Map<String, String> selected = monitor.getSpec().getSelector().getMatchLabels();

        assertThat(Manifests.of(Service.class, monitored))
                .hasSize(ServiceSettings.SERVICES.size())
                .allSatisfy(service -> {
                    assertThat(service.getMetadata().getLabels()).containsAllEntriesOf(selected);
                    assertThat(service.getSpec().getPorts())
                            .extracting("name")
                            .contains(monitor.getSpec().getEndpoints().get(0).getPort());
                });
        assertThat(Manifests.of(ConfigMap.class, monitored).get(0).getData().get("rules.yaml"))
                .startsWith("rules:\n  - name:");
        assertThat(Environment.of(pods(monitored, "audit").getContainers().get(0))
                        .values())
                .containsEntry("CIRCUITSTREAM_AUDIT_RULES", "/config/rules.yaml");

        Ingress ingress =
                Manifests.of(Ingress.class, Chart.manifests("dashboard.yaml")).get(0);
        assertThat(ingress.getSpec().getRules().get(0).getHost()).isEqualTo("circuits.example.org");
        assertThat(ingress.getSpec().getTls().get(0).getSecretName()).isEqualTo("circuits-tls");
        assertThat(ingress.getSpec()
                        .getRules()
                        .get(0)
                        .getHttp()
                        .getPaths()
                        .get(0)
                        .getBackend()
                        .getService()
                        .getName())
                .isEqualTo("trace-circuitstream-dashboard");
    }

    private static String component(HasMetadata manifest) {
        return manifest.getMetadata().getLabels().get("app.kubernetes.io/component");
    }

    private static PodSpec pods(List<HasMetadata> manifests, String component) {
        return manifests.stream()
                .filter(manifest ->
                        component(manifest) != null && component(manifest).equals(component))
                .flatMap(manifest -> Manifests.pods(manifest).stream())
                .map(PodTemplateSpec::getSpec)
                .findFirst()
                .orElseThrow();
    }

    private static Container main(HasMetadata manifest) {
        return Manifests.pods(manifest).orElseThrow().getSpec().getContainers().get(0);
    }

    private static EnvVar variable(Container container, String name) {
        return container.getEnv().stream()
                .filter(variable -> variable.getName().equals(name))
                .findFirst()
                .orElse(null);
    }
}
