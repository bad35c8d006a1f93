package io.circuitstream.packaging.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitstream.packaging.ServiceSettings;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every set of values in {@code ci/}. */
class ChartTest {
    /** Role bindings and cluster-wide kinds are not among them. */
    private static final Set<String> KINDS = Set.of(
            "ConfigMap",
            "Deployment",
            "Ingress",
            "Job",
            "KafkaTopic",
            "NetworkPolicy",
            "PodDisruptionBudget",
            "PrometheusRule",
            "ScaledObject",
            "Service",
            "ServiceAccount",
            "ServiceMonitor",
            "StatefulSet");

    static List<String> valueSets() throws IOException {
        return Chart.valueSets();
    }

    @Test
    void shouldMakeEveryKindWhenTheValueSetsAreRendered() throws IOException {
        Set<String> kinds = new TreeSet<>();
        for (String valueSet : valueSets()) {
            Chart.manifests(valueSet).forEach(manifest -> kinds.add(manifest.getKind()));
        }

        assertThat(valueSets()).hasSizeGreaterThanOrEqualTo(12);
        assertThat(kinds).containsExactlyInAnyOrderElementsOf(KINDS);
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void shouldPassStrictLintWhenItHasTheValues(String valueSet, @TempDir Path copy) throws IOException {
        assertThat(Chart.lint(valueSet, copy)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void shouldConsistOfKnownObjectsWhenItIsRendered(String valueSet) {
        List<HasMetadata> manifests = Chart.manifests(valueSet);

        for (HasMetadata manifest : manifests) {
            assertThat(KINDS).contains(manifest.getKind());
            assertThat(manifest instanceof GenericKubernetesResource)
                    .as("%s has no type", manifest.getKind())
                    .isEqualTo(manifest.getKind().equals("ScaledObject"));
            assertThat(Manifests.unknownFields(manifest)).isEmpty();
            assertThat(manifest.getMetadata().getName())
                    .matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
                    .hasSizeLessThan(250);
        }
        assertThat(manifests.stream()
                        .map(m -> m.getKind() + " " + m.getMetadata().getName()))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void shouldBeRestrictedWhenPodsRun(String valueSet) {
        for (HasMetadata manifest : Chart.manifests(valueSet)) {
            Manifests.pods(manifest).ifPresent(pods -> assertThat(PodRules.broken(pods))
                    .as(manifest.getMetadata().getName())
                    .isEmpty());
        }
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void shouldMountOnlyVolumesThatExistWhenPodsRun(String valueSet) {
        for (HasMetadata manifest : Chart.manifests(valueSet)) {
            Manifests.pods(manifest).ifPresent(pods -> {
                Set<String> volumes = pods.getSpec().getVolumes().stream()
                        .map(io.fabric8.kubernetes.api.model.Volume::getName)
                        .collect(Collectors.toCollection(TreeSet::new));
                if (manifest instanceof io.fabric8.kubernetes.api.model.apps.StatefulSet set) {
                    set.getSpec()
                            .getVolumeClaimTemplates()
                            .forEach(claim -> volumes.add(claim.getMetadata().getName()));
                }
                Set<String> mounted = Manifests.containers(pods).stream()
                        .flatMap(container -> container.getVolumeMounts().stream())
                        .map(VolumeMount::getName)
                        .collect(Collectors.toCollection(TreeSet::new));
                assertThat(mounted).as(manifest.getMetadata().getName()).isEqualTo(volumes);
            });
        }
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void shouldStartWithSettingsThatExistWhenContainersHaveTheirEnvironment(String valueSet) {
        for (HasMetadata manifest : Chart.manifests(valueSet)) {
            Manifests.pods(manifest).ifPresent(pods -> {
                for (Container container : pods.getSpec().getContainers()) {
                    Environment environment = Environment.of(container);
                    Settings settings = ServiceSettings.resolve(container.getName(), environment.values());
                    assertThat(environment.unknownNames()).isEmpty();
                    assertThat(settings.get(CommonSettings.TOPIC_PREFIX)).isNotEmpty();
                    if (ServiceSettings.SERVICES.contains(container.getName())) {
                        assertProbed(container, settings);
                        assertStopsInTime(pods, settings);
                    }
                }
            });
        }
    }

    /** Longer than what the code waits for when it closes. */
    private static void assertStopsInTime(PodTemplateSpec pods, Settings settings) {
        assertThat(Duration.ofSeconds(pods.getSpec().getTerminationGracePeriodSeconds()))
                .isGreaterThan(settings.get(CommonSettings.SHUTDOWN_TIMEOUT).plus(ServiceSettings.CLOSING));
    }

    private static void assertProbed(Container container, Settings settings) {
        assertThat(container.getStartupProbe().getHttpGet().getPath()).isEqualTo("/livez");
        assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/livez");
        assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/readyz");
        assertThat(container.getPorts()).singleElement().satisfies(port -> {
            assertThat(port.getName()).isEqualTo("http");
            assertThat(port.getContainerPort()).isEqualTo(settings.get(CommonSettings.HTTP_PORT));
        });
        assertThat(settings.get(CommonSettings.HTTP_HOST)).isEqualTo("0.0.0.0");
        assertThat(container.getStartupProbe().getPeriodSeconds()
                        * container.getStartupProbe().getFailureThreshold())
                .as("seconds to load the model")
                .isGreaterThanOrEqualTo(60);
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void shouldSelectPodsThatExistWhenObjectsSelect(String valueSet) {
        List<HasMetadata> manifests = Chart.manifests(valueSet);
        List<Pod> pods = manifests.stream()
                .flatMap(manifest -> Manifests.pods(manifest).stream())
                .map(template -> new io.fabric8.kubernetes.api.model.PodBuilder()
                        .withMetadata(template.getMetadata())
                        .build())
                .toList();

        for (Service service : Manifests.of(Service.class, manifests)) {
            assertSelects(pods, service.getSpec().getSelector(), service);
        }
        for (PodDisruptionBudget budget : Manifests.of(PodDisruptionBudget.class, manifests)) {
            assertSelects(pods, budget.getSpec().getSelector().getMatchLabels(), budget);
        }
        for (NetworkPolicy policy : Manifests.of(NetworkPolicy.class, manifests)) {
            assertSelects(pods, policy.getSpec().getPodSelector().getMatchLabels(), policy);
        }
    }

    private static void assertSelects(List<Pod> pods, Map<String, String> labels, HasMetadata selecting) {
        assertThat(pods)
                .as("%s %s", selecting.getKind(), selecting.getMetadata().getName())
                .anyMatch(pod -> pod.getMetadata().getLabels().entrySet().containsAll(labels.entrySet()));
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void shouldBeInTheReleasesNamespaceWhenNothingElseIsSaid(String valueSet) throws IOException {
        JsonNode elsewhere = Chart.file("../ci/" + valueSet).at("/kafka/strimzi/namespace");

        for (HasMetadata manifest : Chart.manifests(valueSet)) {
            String namespace = manifest.getMetadata().getNamespace();
            assertThat(namespace == null || namespace.equals(Chart.NAMESPACE) || namespace.equals(elsewhere.asText()))
                    .as(manifest.getMetadata().getName())
                    .isTrue();
        }
    }
}
