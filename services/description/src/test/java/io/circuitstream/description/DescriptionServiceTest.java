package io.circuitstream.description;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.description.shares.PromptShare;
import io.circuitstream.description.shares.Shares;
import io.circuitstream.description.state.MemoryState;
import io.circuitstream.description.topics.FeatureId;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.stream.StartupException;
import io.circuitstream.platform.stream.StreamService;
import io.circuitstream.testkit.ChildJvm;
import io.circuitstream.testkit.FaultPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service on a real broker: what its stores hold is read from their changelogs, as an instance that takes over would. */
class DescriptionServiceTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String CHANGELOG = "circuitstream-description-%s-changelog";
    private static final List<String> STORES = List.of("counts", "contexts", "prompts");

    @TempDir
    Path folder;

    private Cluster cluster;
    private TraceableModel model;
    private List<InferenceCompleted> inferences;

    @BeforeEach
    void start() throws Exception {
        cluster = Cluster.start(folder.resolve("cluster"));
        model = Inferences.model(folder);
        inferences = Inferences.random(model.transcoder().scan(), 1_200, 3);
    }

    @AfterEach
    void stop() {
        model.close();
        cluster.close();
    }

    @Test
    void shouldHoldWhatABatchHoldsWhenItIsRestartedAndItsStateFolderIsLost() throws Exception {
        Path state = folder.resolve("state");
        cluster.send(inferences.subList(0, 400));
        try (StreamService service = service(state)) {
            awaitState(400);
            service.close();
        }
        cluster.send(inferences.subList(400, 800));
        try (StreamService service = service(state)) {
            awaitState(800);
            service.close();
        }
        cluster.send(inferences.subList(800, 1_200));
        try (StreamService service = service(folder.resolve("nothing here"))) {
            awaitState(1_200);
            awaitDescriptions();
            service.close();
        }
        // R15: files that are cut off.
        int files = truncate(state);
        assertThat(files).isPositive();
        try (StreamService service = service(state)) {
            assertThat(state.resolve("circuitstream-description.damaged")).isDirectory();
            cluster.send(inferences.subList(0, 10));
            inferences = new ArrayList<>(inferences);
            inferences.addAll(inferences.subList(0, 10));
            awaitState(1_210);
            service.close();
        }
        // R16: a changelog that somebody deleted.
        cluster.delete(CHANGELOG.formatted("counts"));
        assertThatThrownBy(() -> service(state).close())
                .isInstanceOf(StartupException.class)
                .hasMessageStartingWith("changelog circuitstream-description-counts-changelog is missing")
                .hasMessageContaining("circuitstream.state.may.be.empty");
    }

    @Test
    void shouldShareTheWorkWhenThereAreTwoInstances() throws Exception {
        try (StreamService one = service(folder.resolve("one"));
                StreamService two = service(folder.resolve("two"))) {
            cluster.send(inferences);
            awaitState(1_200);
            two.close();
            cluster.send(inferences.subList(0, 10));
            inferences = new ArrayList<>(inferences);
            inferences.addAll(inferences.subList(0, 10));
            awaitState(1_210);
            one.close();
        }
    }

    /** R2 in docs/reliability.md. */
    @Test
    void shouldHoldWhatABatchHoldsWhenItsProcessHaltsBetweenStateAndChangelog() throws Exception {
        cluster.send(inferences);
        // Of the first commit, which may be the last: each sends a feature once, however many prompts it was active in.
        try (ChildJvm first = process(FaultPoint.haltBeforeSending(CHANGELOG.formatted("contexts"), 10))) {
            assertThat(first.awaitExit(LIMIT.toSeconds())).as(first.output()).isEqualTo(137);
            assertThat(first.output()).contains("FAULT HALT");
        }
        assertThat(cluster.isCaughtUp()).as("halted before its work was done").isFalse();

        try (ChildJvm second = process(List.of())) {
            awaitState(1_200);
            second.terminate();
            assertThat(second.awaitExit(60)).as(second.output()).isZero();
        }
    }

    private ChildJvm process(List<String> fault) {
        List<String> options = new ArrayList<>(fault);
        options.add("-Xmx512m");
        Map<String, String> environment = new HashMap<>(cluster.environment(folder.resolve("killed"), folder));
        environment.putAll(FaultPoint.environment());
        return ChildJvm.start(
                new ChildJvm.Command("description", Main.class.getName(), options, List.of(), environment, folder));
    }

    private StreamService service(Path state) throws InterruptedException {
        ServiceContext context = cluster.context(state);
        StreamService service = context.service(DescriptionTopology.of(context, new Describer(model), feature -> {}));
        service.start();
        service.awaitRunning(LIMIT);
        return service;
    }

    /** Cuts the files by which RocksDB finds the others; yields how many. */
    private static int truncate(Path state) throws IOException {
        int count = 0;
        try (Stream<Path> files = Files.walk(state)) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("MANIFEST"))
                    .toList()) {
                Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 10));
                count++;
            }
        }
        return count;
    }

    /** The batch takes the prompts in another order. */
    private void awaitState(int prompts) {
        List<InferenceCompleted> shuffled = new ArrayList<>(inferences.subList(0, prompts));
        Collections.shuffle(shuffled, new Random(prompts));
        for (int share = 0; share < Cluster.SHARES; share++) {
            int own = share;
            List<PromptShare> shares = shuffled.stream()
                    .map(inference ->
                            new Shares(Cluster.SHARES).split(inference).get(own))
                    .toList();
            MemoryState batch = new MemoryState(model.transcoder().scan()).add(shares);
            for (String store : STORES) {
                Map<String, String> expected = batch.dump(store);
                assertThat(expected).hasSizeGreaterThan(20);
                await().atMost(LIMIT).untilAsserted(() -> assertThat(cluster.newest(CHANGELOG.formatted(store), own))
                        .isEqualTo(expected));
            }
        }
    }

    /** Every live feature is described, with no more than is known and at most a tenth less. */
    private void awaitDescriptions() {
        Map<String, Long> active = new TreeMap<>();
        for (InferenceCompleted inference : inferences) {
            PromptShare share = new Shares(1).split(inference).get(0);
            for (int i = 0; i < share.count(); i++) {
                active.merge(
                        new FeatureId(model.transcoder().scan(), share.layer()[i], share.feature()[i]).key(),
                        1L,
                        Long::sum);
            }
        }
        await().atMost(LIMIT).untilAsserted(() -> {
            Map<String, Long> described = described();
            assertThat(described.keySet()).isEqualTo(active.keySet());
            active.forEach(
                    (key, tokens) -> assertThat(described.get(key)).as(key).isBetween((long) (tokens / 1.1), tokens));
        });
    }

    private Map<String, Long> described() {
        ServiceContext context = cluster.context(folder);
        String topic = context.topic(Event.FEATURES);
        return List.of(0, 1).stream()
                .flatMap(partition -> cluster.records(topic, partition).stream())
                .collect(Collectors.toMap(
                        record -> new String(record.key(), UTF_8),
                        record -> context.serde(FeatureDescription.class)
                                .deserializer()
                                .deserialize(topic, record.value())
                                .getActiveTokens(),
                        Math::max,
                        TreeMap::new));
    }
}
