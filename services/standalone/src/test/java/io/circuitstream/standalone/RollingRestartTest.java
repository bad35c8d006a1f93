package io.circuitstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.circuitstream.audit.chain.ChainReader;
import io.circuitstream.audit.chain.ChainVerifier;
import io.circuitstream.audit.chain.CheckpointEntry;
import io.circuitstream.audit.chain.SigningKey;
import io.circuitstream.audit.chain.VerifyingKey;
import io.circuitstream.events.AuditFinding;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ProgressSink;
import io.circuitstream.platform.stream.ServiceContext;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every service is replaced in turn, as the chart replaces its pods and with their settings, while prompts come: nothing is lost, nothing
 * is doubled, and no topic waits for more than 15 s. The seed is printed; give it back with {@code -Dcircuitstream.seed}.
 */
@Tag("faults")
class RollingRestartTest {
    private static final Duration LONGEST_STALL = Duration.ofSeconds(15);
    private static final Duration BOOT_WHEN_IDLE = Duration.ofSeconds(2);
    private static final long SEED = Long.getLong("circuitstream.seed", System.nanoTime());
    private static final List<String> SERVICES =
            List.of("inference", "attribution", "pruning", "validation", "description", "audit", "dashboard");
    private static final List<Event> ONE_FOR_EACH_PROMPT =
            List.of(Event.INFERENCES, Event.GRAPHS, Event.CIRCUITS, Event.VALIDATIONS, Event.VECTORS);

    @TempDir
    Path folder;

    @Test
    void shouldLoseNothingAndNotStallWhenEveryServiceIsReplacedUnderLoad() throws Exception {
        System.out.println("circuitstream.seed=" + SEED);
        EventClasses.trust();
        try (ProcessDeployment deployment =
                ProcessDeployment.start(folder, Map.of(), Map.of(), ProcessDeployment.open(folder), List.of())) {
            Map<String, Map<String, String>> own = own();
            List<Rollout> rollouts = new ArrayList<>();
            for (String service : SERVICES) {
                rollouts.add(new Rollout(service, deployment, folder, own.getOrDefault(service, Map.of())));
            }
            rollouts.forEach(Rollout::awaitReady);
            List<String> prompts;
            try (SteadyLoad load = new SteadyLoad(deployment.settings(), SEED)) {
                load.start();
                awaitResults(load, System.nanoTime() + TimeUnit.SECONDS.toNanos(1));
                for (Rollout rollout : rollouts) {
                    replace(rollout, load);
                }
                load.finish();
                prompts = load.sent();
            }
            System.out.println(prompts.size() + " prompts");
            eachHasOneOfEverything(deployment.settings(), prompts);
            everyFeatureIsCountedOnce(deployment.settings(), prompts.size());
            theChainsAreWhole(deployment.settings());
            Rollout dashboard = rollouts.get(SERVICES.indexOf("dashboard"));
            for (String prompt : prompts) {
                assertThat(get(dashboard, "/api/v1/traces/" + prompt)).contains("\"COMPLETED\"");
            }
        }
    }

    /** Variables that are no default of the chart. */
    private Map<String, Map<String, String>> own() throws IOException {
        Path key = folder.resolve("audit-key.pem");
        SigningKey.generate(key, folder.resolve("audit-key.pub.pem"));
        Path rules = Files.writeString(
                folder.resolve("rules.yaml"),
                "rules: [{name: any, kind: low-trust, severity: info, completenessBelow: 1.0}]");
        return Map.of(
                "audit",
                        Map.of(
                                "CIRCUITSTREAM_AUDIT_KEY",
                                key.toString(),
                                "CIRCUITSTREAM_AUDIT_RULES",
                                rules.toString()),
                // By default a description may be a minute older than what is known.
                "description", Map.of("CIRCUITSTREAM_DESCRIPTION_REFRESH", "5s"));
    }

    private static void awaitResults(SteadyLoad load, long before) {
        await().atMost(Samples.PATIENCE).until(() -> load.hasResultsOfAllBefore(before));
    }

    private static void replace(Rollout rollout, SteadyLoad load) throws Exception {
        long begin = System.nanoTime();
        Rollout.Times times = rollout.replace();
        awaitResults(load, System.nanoTime());
        Map<Event, Duration> gaps = load.longestGaps(begin);
        Duration slowest = load.slowest(begin);
        Duration busy = whileThisMachineBoots(times.boot());
        Duration allowed = rollout.stopsFirst() ? busy : LONGEST_STALL;
        System.out.printf(
                "%s: boot %d ms, away %d ms, exit %d ms, allowed %d ms; slowest prompt %d ms; longest gaps in ms:",
                rollout.service(),
                times.boot().toMillis(),
                times.away().toMillis(),
                times.exit().toMillis(),
                allowed.toMillis(),
                slowest.toMillis());
        gaps.forEach((event, gap) -> System.out.print(" " + event.shortName() + " " + gap.toMillis()));
        System.out.println();
        assertThat(times.away()).as(rollout.service()).isLessThan(allowed);
        assertThat(gaps.values()).as(rollout.service() + ": " + gaps).allMatch(gap -> gap.compareTo(allowed) < 0);
        assertThat(slowest).as(rollout.service()).isLessThan(busy);
    }

    /**
     * The longest stall of what is computing from beginning to end: a prompt on its way, and a start while nobody else works (a JVM, classes,
     * a model, stores). On a busy machine that takes as many times longer as the boot does; a wait for a time-out would not.
     */
    private static Duration whileThisMachineBoots(Duration boot) {
        return boot.compareTo(BOOT_WHEN_IDLE) < 0
                ? LONGEST_STALL
                : LONGEST_STALL.multipliedBy(boot.toMillis()).dividedBy(BOOT_WHEN_IDLE.toMillis());
    }

    private static void eachHasOneOfEverything(Settings settings, List<String> prompts) {
        for (Event event : ONE_FOR_EACH_PROMPT) {
            await().atMost(Samples.PATIENCE).untilAsserted(() -> assertThat(Samples.keys(settings, event))
                    .as(event.shortName())
                    .hasSizeGreaterThanOrEqualTo(prompts.size()));
            assertThat(Samples.keys(settings, event))
                    .as(event.shortName())
                    .containsExactlyInAnyOrderElementsOf(prompts);
        }
        await().atMost(Samples.PATIENCE)
                .untilAsserted(() -> assertThat(read(settings, Event.FINDINGS, AuditFinding.class))
                        .extracting(AuditFinding::getPromptId)
                        .containsExactlyInAnyOrderElementsOf(prompts));
    }

    /** Each sample was sent equally often, so each feature was active in a multiple of that number of prompts. */
    private static void everyFeatureIsCountedOnce(Settings settings, int prompts) throws IOException {
        int rounds = prompts / Samples.prompts().size();
        await().atMost(Samples.PATIENCE).untilAsserted(() -> {
            Map<String, FeatureDescription> newest = new HashMap<>();
            read(settings, Event.FEATURES, FeatureDescription.class)
                    .forEach(one -> newest.put(one.getLayer() + "/" + one.getFeature(), one));
            Collection<FeatureDescription> features = newest.values();
            assertThat(features).extracting(FeatureDescription::getPrompts).contains((long) prompts);
            assertThat(features).allMatch(one -> one.getActivePrompts() % rounds == 0);
        });
    }

    private void theChainsAreWhole(Settings settings) {
        try (ChainReader reader = new ChainReader(settings)) {
            ChainVerifier verifier = new ChainVerifier(
                    reader.findingsTopic(),
                    reader.checkpointsTopic(),
                    reader.findingsTopic(),
                    Set.of(VerifyingKey.load(folder.resolve("audit-key.pub.pem"))),
                    Duration.ZERO);
            for (int partition = 0; partition < reader.partitions(); partition++) {
                List<CheckpointEntry> checkpoints = reader.checkpoints(partition);
                assertThat(verifier.verify(partition, reader.findings(partition), checkpoints, Instant.now())
                                .problems())
                        .isEmpty();
            }
        }
    }

    private static <T extends SpecificRecord> List<T> read(Settings settings, Event event, Class<T> type) {
        try (ServiceContext context = ServiceContext.of("test", settings, ProgressSink.NONE)) {
            Deserializer<T> deserializer = context.serde(type).deserializer();
            return Samples.records(settings, event).stream()
                    .map(record -> deserializer.deserialize(record.topic(), record.headers(), record.value()))
                    .toList();
        }
    }

    private static String get(Rollout rollout, String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(rollout.http().resolve(path)).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
