package io.circuitstream.audit.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.events.AuditFinding;
import io.circuitstream.events.BehaviourSummary;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitVector;
import io.circuitstream.events.Columns;
import io.circuitstream.events.RuleKind;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.stream.ServiceContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows of a minute with a grace of ten seconds; sources are quiet after twenty, so there is a beat every five. Events are an hour old. */
class BehaviourTopologyTest {
    private static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant WALL = BEGIN.plus(Duration.ofHours(1));
    private static final long MINUTE = 60_000;
    private static final long GRACE = 10_000;
    private static final Synthetic BEFORE = new Synthetic("scan", 0, 24, 40);
    private static final Synthetic AFTER = new Synthetic("scan", 5, 24, 40);

    /** There is no broker: what was piped was read. */
    private static final Lookahead NOTHING_UNREAD = new Lookahead() {
        @Override
        public boolean hasUnread(long next) {
            return false;
        }

        @Override
        public void close() {}
    };

    @TempDir
    Path folder;

    private EmbeddedRegistry registry;
    private ServiceContext service;
    private TopologyTestDriver driver;
    private Map<Event, TestInputTopic<byte[], byte[]>> inputs;
    private Map<Event, Serde<? extends SpecificRecord>> serdes;

    /** @param at milliseconds after BEGIN, which is the start of a window */
    private record Sent(Circuit circuit, long at) {}

    @BeforeEach
    void start() throws Exception {
        registry = EmbeddedRegistry.start(folder.resolve("registry"), 0);
        open();
    }

    private void open() throws Exception {
        service = BehaviourService.context(BehaviourService.settings(
                "localhost:1",
                registry.url(),
                Files.createTempDirectory(folder, "state"),
                Map.of(
                        BehaviourSettings.SIZE.key(), "1m",
                        BehaviourSettings.GRACE.key(), "10s",
                        BehaviourSettings.QUIET.key(), "20s",
                        BehaviourSettings.PERMUTATIONS.key(), "39",
                        BehaviourSettings.SAMPLE.key(), "100")));
        driver = new TopologyTestDriver(
                BehaviourService.topology(service, partition -> NOTHING_UNREAD), service.streamProperties(), WALL);
        inputs = Map.of(Event.CIRCUITS, input(Event.CIRCUITS), Event.VALIDATIONS, input(Event.VALIDATIONS));
        serdes = Map.of(
                Event.CIRCUITS, service.serde(Circuit.class),
                Event.VALIDATIONS, service.serde(ValidationReport.class),
                Event.VECTORS, service.serde(CircuitVector.class),
                Event.BEHAVIOURS, service.serde(BehaviourSummary.class),
                Event.FINDINGS, service.serde(AuditFinding.class));
    }

    @AfterEach
    void stop() {
        driver.close();
        service.close();
        registry.close();
    }

    @Test
    void shouldWriteAVectorForEveryCircuitAndNoneForAFailure() {
        Circuit circuit = BEFORE.circuit("a", new Random(1));
        send(circuit, 0);
        send(BEFORE.failed("b"), 0);

        List<TestRecord<byte[], byte[]>> vectors = output(Event.VECTORS).readRecordsToList();
        assertThat(vectors).hasSize(1);
        assertThat(new String(vectors.get(0).key(), UTF_8)).isEqualTo("a");
        CircuitVector vector =
                event(Event.VECTORS, CircuitVector.class, vectors.get(0).value());
        assertThat(vector.getProvenance().getSource().getSha256())
                .isEqualTo(Received.asWritten(circuit).sha256());
    }

    @Test
    void shouldCloseAWindowOnceWhenEventTimeHasPassedItsGrace() {
        warm();
        send(BEFORE.failed("f"), 40_000);
        send(BEFORE.circuit("b", new Random(2)), MINUTE + GRACE - 1);
        send(BEFORE.report("b", new Random(2)), MINUTE + GRACE);
        assertThat(closing()).isEmpty();

        send(BEFORE.circuit("c", new Random(3)), MINUTE + GRACE);
        List<TestRecord<byte[], byte[]>> records = closing();

        assertThat(records).hasSize(1);
        assertThat(new String(records.get(0).key(), UTF_8)).isEqualTo("scan");
        assertThat(records.get(0).getRecordTime()).isEqualTo(BEGIN.plusMillis(MINUTE));
        BehaviourSummary summary = summary(records.get(0));
        assertThat(summary.getWindowStart()).isEqualTo(BEGIN);
        assertThat(summary.getCircuits()).isEqualTo(1);
        assertThat(summary.getFailed()).isEqualTo(1);
        assertThat(summary.getTrust().getValidated()).isEqualTo(1);
        assertThat(closing()).isEmpty();
    }

    @Test
    void shouldCountLateOnesInTheMetricAndInTheNextSummary() {
        warm();
        send(BEFORE.circuit("b", new Random(1)), MINUTE + GRACE);
        send(BEFORE.report("b", new Random(1)), MINUTE + GRACE);
        assertThat(closing()).hasSize(1);

        send(BEFORE.circuit("late", new Random(2)), 5);
        send(BEFORE.report("late", new Random(2)), 5);
        assertThat(late("circuits")).isEqualTo(1);
        assertThat(late("validations")).isEqualTo(1);

        pass(30);
        List<BehaviourSummary> next = summaries();
        assertThat(next).hasSize(1);
        assertThat(next.get(0).getLate()).isEqualTo(1);
        assertThat(next.get(0).getLateValidations()).isEqualTo(1);
        assertThat(next.get(0).getCircuits()).isEqualTo(1);
    }

    @Test
    void shouldCloseTheLastWindowByTheWallClockWhenTheStreamIsQuiet() {
        long window = WALL.toEpochMilli() - BEGIN.toEpochMilli();
        send(BEFORE.circuit("a", new Random(1)), window);

        pass(69);
        assertThat(summaries()).isEmpty();
        pass(1);
        assertThat(summaries()).hasSize(1);
        pass(600);
        assertThat(summaries()).isEmpty();
    }

    @Test
    void shouldFindADriftWhenTheSubjectsChangeAndNoneWhenTheyDoNot() {
        Random random = new Random(5);
        for (int i = 0; i < 120; i++) {
            send((i < 80 ? BEFORE : AFTER).circuit("p" + i, random), i / 40 * MINUTE + i * 100L);
        }
        pass(60);

        assertThat(summaries()).hasSize(3);
        List<AuditFinding> findings = output(Event.FINDINGS).readRecordsToList().stream()
                .map(r -> event(Event.FINDINGS, AuditFinding.class, r.value()))
                .toList();
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).getRuleKind()).isEqualTo(RuleKind.DRIFT);
        assertThat(findings.get(0).getScan()).isEqualTo("scan");
        assertThat(findings.get(0).getEventTime()).isEqualTo(BEGIN.plusMillis(3 * MINUTE));
        assertThat(findings.get(0).getEvidence().get(0).getMeasure()).isEqualTo("divergence");
        assertThat(findings.get(0).getEvidence().get(0).getValue()).isGreaterThan(.1);
        assertThat(findings.get(0).getMessage())
                .contains("2026-03-01T12:01:00Z", "2026-03-01T12:02:00Z", "features of scan scan changed");
    }

    @Test
    void shouldMakeADeadLetterAndGoOnWhenACircuitContradictsItself() {
        Circuit broken = Circuit.newBuilder(BEFORE.circuit("a", new Random(1)))
                .setEdgeWeight(Columns.of(new float[3]))
                .build();
        send(broken, 0);
        send(BEFORE.circuit("b", new Random(2)), 0);
        pass(60);

        assertThat(summaries()).extracting(BehaviourSummary::getCircuits).containsExactly(1L);
        List<TestRecord<byte[], byte[]>> dead = driver.createOutputTopic(
                        service.deadLetterTopic(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
        assertThat(dead).extracting(TestRecord::value).containsOnly(bytes(Event.CIRCUITS, broken));
    }

    /** The order is lost by up to the grace, as between partitions; windows close on the way. */
    @Test
    void shouldEqualASortedReplayOverTenThousandCircuits() throws Exception {
        long seed = 20;
        Random random = new Random(seed);
        List<Sent> sorted = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            String prompt = "p" + i;
            sorted.add(new Sent(i % 50 == 49 ? BEFORE.failed(prompt) : BEFORE.circuit(prompt, random), 30L * i));
        }
        List<Sent> disordered = new ArrayList<>(sorted);
        IdentityHashMap<Sent, Long> arrival = new IdentityHashMap<>();
        sorted.forEach(sent -> arrival.put(sent, sent.at() + random.nextInt((int) GRACE)));
        disordered.sort(Comparator.comparing(arrival::get));
        assertThat(disordered).isNotEqualTo(sorted);

        List<String> one = run(disordered);
        driver.close();
        service.close();
        open();
        List<String> other = run(sorted);

        assertThat(one).as("seed %d", seed).hasSize(5).isEqualTo(other);
    }

    private List<String> run(List<Sent> events) {
        List<BehaviourSummary> closed = new ArrayList<>();
        int step = 100;
        for (int i = 0; i < events.size(); i += step) {
            events.subList(i, i + step).forEach(e -> send(e.circuit(), e.at()));
            pass(1);
            closed.addAll(summaries());
        }
        assertThat(closed).as("closed on the way").hasSizeBetween(3, 4);
        pass(60);
        closed.addAll(summaries());
        assertThat(closed).extracting(BehaviourSummary::getLate).containsOnly(0L);
        assertThat(closed.stream()
                        .mapToLong(s -> s.getCircuits() + s.getFailed())
                        .sum())
                .isEqualTo(events.size());
        return closed.stream().map(s -> Received.asWritten(s).sha256()).toList();
    }

    /** Lets so many seconds go by on the wall clock. */
    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            driver.advanceWallClockTime(Duration.ofSeconds(1));
        }
    }

    /** Sources are known and not quiet. The same records again change nothing. */
    private void warm() {
        for (int i = 0; i < 10; i++) {
            send(BEFORE.circuit("a", new Random(1)), 30_000);
            send(BEFORE.report("a", new Random(1)), 30_000);
            pass(5);
        }
    }

    private List<TestRecord<byte[], byte[]>> closing() {
        pass(5);
        return output(Event.BEHAVIOURS).readRecordsToList();
    }

    private List<BehaviourSummary> summaries() {
        return output(Event.BEHAVIOURS).readRecordsToList().stream()
                .map(this::summary)
                .toList();
    }

    private BehaviourSummary summary(TestRecord<byte[], byte[]> record) {
        return event(Event.BEHAVIOURS, BehaviourSummary.class, record.value());
    }

    private double late(String topic) {
        return service.registry()
                .get("circuitstream.audit.late")
                .tag("topic", topic)
                .counter()
                .count();
    }

    private void send(Circuit circuit, long at) {
        pipe(Event.CIRCUITS, circuit.getPromptId(), circuit, at);
    }

    private void send(ValidationReport report, long at) {
        pipe(Event.VALIDATIONS, report.getPromptId(), report, at);
    }

    private <T extends SpecificRecord> void pipe(Event topic, String key, T event, long at) {
        inputs.get(topic).pipeInput(key.getBytes(UTF_8), bytes(topic, event), BEGIN.plusMillis(at));
    }

    private TestInputTopic<byte[], byte[]> input(Event topic) {
        return driver.createInputTopic(service.topic(topic), new ByteArraySerializer(), new ByteArraySerializer());
    }

    @SuppressWarnings("unchecked") // the map has the serde of the topic's event
    private <T extends SpecificRecord> byte[] bytes(Event topic, T event) {
        return ((Serde<T>) serdes.get(topic)).serializer().serialize(service.topic(topic), event);
    }

    private <T extends SpecificRecord> T event(Event topic, Class<T> type, byte[] value) {
        return type.cast(serdes.get(topic).deserializer().deserialize(service.topic(topic), value));
    }

    private TestOutputTopic<byte[], byte[]> output(Event topic) {
        return driver.createOutputTopic(service.topic(topic), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
