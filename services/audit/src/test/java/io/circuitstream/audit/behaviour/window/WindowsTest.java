package io.circuitstream.audit.behaviour.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.audit.behaviour.Synthetic;
import io.circuitstream.audit.behaviour.digest.Arrival;
import io.circuitstream.audit.behaviour.digest.Beat;
import io.circuitstream.audit.behaviour.digest.CircuitDigests;
import io.circuitstream.audit.behaviour.digest.TrustDigest;
import io.circuitstream.events.BehaviourSummary;
import io.circuitstream.events.DriftMeasure;
import io.circuitstream.events.DriftMeasurement;
import io.circuitstream.events.RecurrentEdge;
import io.circuitstream.events.TrustDistribution;
import io.circuitstream.events.TrustVerdict;
import io.circuitstream.platform.serde.Received;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

/** On stores in memory: what a window holds is decided by what came, not by when. */
class WindowsTest {
    private static final WindowTimes TIMES = new WindowTimes(1_000, 200, 50);
    private static final WindowLimits LIMITS = new WindowLimits(10_000, 10_000, 5, 40, 19);
    private static final long NOW = 1_000_000;
    private static final Synthetic BEFORE = new Synthetic("scan", 0, 48, 150);
    private static final Synthetic AFTER = new Synthetic("scan", 3, 48, 150);

    private final KeyValueStore<Bytes, byte[]> scans =
            Stores.inMemoryKeyValueStore("scans").get();
    private final KeyValueStore<Bytes, byte[]> entries =
            Stores.inMemoryKeyValueStore("entries").get();
    private final List<BehaviourSummary> closed = new ArrayList<>();

    private record Event(String scan, Arrival arrival, long timestamp) {}

    @Test
    void shouldGiveTheSameBytesInEveryOrderOfArrival() {
        for (long seed = 0; seed < 8; seed++) {
            List<Event> events = events(seed, 120);
            List<String> sorted = replay(events);
            Collections.shuffle(events, new Random(seed));

            assertThat(sorted).as("seed %d", seed).hasSize(4);
            assertThat(replay(events)).as("seed %d", seed).isEqualTo(sorted);
        }
    }

    /** Windows close on the way. */
    @Test
    void shouldGiveTheSameBytesWhenOrderIsLostWithinTheGrace() {
        for (long seed = 0; seed < 8; seed++) {
            List<Event> events = events(seed, 120);
            List<String> sorted = replay(events);
            Random random = new Random(seed);
            List<Long> arrival = events.stream()
                    .map(e -> e.timestamp() + random.nextInt((int) TIMES.grace()))
                    .toList();
            List<Event> disordered = IntStream.range(0, events.size())
                    .boxed()
                    .sorted(Comparator.comparing(arrival::get))
                    .map(events::get)
                    .toList();

            Windows windows = windows(List.of());
            long newest = 0;
            for (Event e : disordered) {
                assertThat(windows.add(e.scan(), e.arrival(), e.timestamp())).isTrue();
                newest = Math.max(newest, e.timestamp());
                passed(windows, newest);
            }
            assertThat(closed).as("seed %d", seed).hasSizeGreaterThan(1);
            end(windows);
            assertThat(hashes(closed)).as("seed %d", seed).isEqualTo(sorted);
        }
    }

    /** Circuits, half of them with reports, and failures, over four windows, ascending in time. */
    private static List<Event> events(long seed, int count) {
        Random random = new Random(seed);
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String prompt = "p" + random.nextInt(count);
            long time = 4_000L * i / count;
            events.add(new Event(
                    "scan",
                    new Arrival(
                            prompt,
                            CircuitDigests.of(i % 9 == 0 ? BEFORE.failed(prompt) : BEFORE.circuit(prompt, random))),
                    time));
            if (random.nextBoolean()) {
                events.add(new Event("scan", new Arrival(prompt, TrustDigest.of(BEFORE.report(prompt, random))), time));
            }
        }
        return events;
    }

    private List<String> replay(List<Event> events) {
        end(windows(events));
        return hashes(closed);
    }

    private static List<String> hashes(List<BehaviourSummary> summaries) {
        return summaries.stream().map(s -> Received.asWritten(s).sha256()).toList();
    }

    /** On empty stores, with these events. */
    private Windows windows(List<Event> events) {
        clear(scans);
        clear(entries);
        Windows windows = open();
        windows.beat(new Beat(1, Long.MIN_VALUE, NOW - 2 * TIMES.quiet()), closed::add);
        closed.clear();
        events.forEach(e -> windows.add(e.scan(), e.arrival(), e.timestamp()));
        return windows;
    }

    /** As after a start. */
    private Windows open() {
        return new Windows(TIMES, LIMITS, scans, entries, () -> 0);
    }

    /** All sources have been read so far. */
    private void passed(Windows windows, long progress) {
        windows.beat(new Beat(1, progress, NOW), closed::add);
    }

    private void end(Windows windows) {
        passed(windows, NOW);
    }

    private static void clear(KeyValueStore<Bytes, byte[]> store) {
        keys(store).forEach(store::delete);
    }

    private static List<Bytes> keys(KeyValueStore<Bytes, byte[]> store) {
        List<Bytes> keys = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            all.forEachRemaining(entry -> keys.add(entry.key));
        }
        return keys;
    }

    @Test
    void shouldCountWhatIsInTheWindow() {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            events.add(circuit(BEFORE, "p" + i, 10 + i));
        }
        events.add(new Event("scan", new Arrival("f", CircuitDigests.of(BEFORE.failed("f"))), 50));
        events.add(new Event("scan", new Arrival("p3", TrustDigest.of(BEFORE.report("p3", new Random(1)))), 12));
        events.add(new Event("scan", new Arrival("f", new TrustDigest(true, -1, false, TrustVerdict.UNKNOWN)), 12));
        events.add(circuit(new Synthetic("another", 0, 48, 150), "p0", 10));

        end(windows(events));

        assertThat(closed).extracting(BehaviourSummary::getScan).containsExactlyInAnyOrder("scan", "another");
        BehaviourSummary summary = closed.stream()
                .filter(s -> s.getScan().equals("scan"))
                .findFirst()
                .orElseThrow();
        assertThat(summary.getCircuits()).isEqualTo(30);
        assertThat(summary.getFailed()).isEqualTo(1);
        assertThat(summary.getWindowStart()).isEqualTo(Instant.ofEpochMilli(0));
        assertThat(summary.getWindowEnd()).isEqualTo(Instant.ofEpochMilli(1_000));
        assertThat(summary.getDrift()).isNull();
        assertThat(summary.getFeatures()).isGreaterThan(100);
        assertThat(summary.getFeatureSampling()).isEqualTo(1);
        assertThat(summary.getTopFeatures()).hasSize(5);
        assertThat(summary.getTopFeatures().get(0).getCircuits())
                .isGreaterThanOrEqualTo(summary.getTopFeatures().get(4).getCircuits())
                .isGreaterThan(1);
        assertThat(summary.getRecurrentEdges())
                .hasSize(5)
                .extracting(RecurrentEdge::getMeanShare)
                .allSatisfy(share -> assertThat(share).isBetween(0., 1.));
        TrustDistribution trust = summary.getTrust();
        assertThat(sum(trust.getCompleteness())).isEqualTo(30);
        assertThat(sum(trust.getReplacement())).isEqualTo(30);
        assertThat(trust.getCompleteness().subList(0, 5)).containsOnly(0L);
        assertThat(trust.getValidated()).isEqualTo(1);
        assertThat(trust.getValidationFailed()).isEqualTo(1);
        assertThat(sum(trust.getConfirmedShare())).isEqualTo(1);
        assertThat(trust.getSupported() + trust.getMixed()).isEqualTo(1);
    }

    private static long sum(List<Long> counts) {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    private static Event circuit(Synthetic kind, String prompt, long time) {
        return new Event(
                kind.scan(),
                new Arrival(prompt, CircuitDigests.of(kind.circuit(prompt, new Random(prompt.hashCode())))),
                time);
    }

    @Test
    void shouldCountARecordOnceWhenItIsReadTwice() {
        end(windows(List.of(circuit(BEFORE, "p", 10), circuit(BEFORE, "p", 10), circuit(BEFORE, "p", 11))));

        assertThat(closed.get(0).getCircuits()).isEqualTo(2);
    }

    @Test
    void shouldTellLateOnesInTheNextSummary() {
        Windows windows = windows(List.of(circuit(BEFORE, "a", 10), circuit(BEFORE, "b", 1_500)));
        passed(windows, 1_199);
        assertThat(closed).isEmpty();
        passed(windows, 1_200);
        assertThat(closed).hasSize(1);

        Event late = circuit(BEFORE, "c", 20);
        assertThat(windows.add("scan", late.arrival(), late.timestamp())).isFalse();
        end(windows);
        assertThat(closed).extracting(BehaviourSummary::getLate).containsExactly(0L, 1L);
        assertThat(closed).extracting(BehaviourSummary::getCircuits).containsExactly(1L, 1L);
    }

    @Test
    void shouldMeasureDriftWhenSubjectsChangeAndFindNoneWhenTheyDoNot() {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            events.add(circuit(i < 60 ? BEFORE : AFTER, "p" + i, i / 30 * 1_000 + i));
        }

        end(windows(events));

        assertThat(closed).hasSize(3);
        assertThat(closed.get(0).getDrift()).isNull();
        assertThat(closed.get(1).getDrift().getPreviousStart()).isEqualTo(Instant.EPOCH);
        DriftMeasurement same = features(closed.get(1));
        DriftMeasurement changed = features(closed.get(2));
        assertThat(same.getPValue()).isGreaterThan(.05);
        assertThat(changed.getPValue()).isEqualTo(1 / 20.);
        assertThat(changed.getDivergence()).isGreaterThan(changed.getNullQuantile95());
        assertThat(changed.getCircuits()).isEqualTo(30);
        assertThat(closed.get(2).getDrift().getSeed())
                .isNotEqualTo(closed.get(1).getDrift().getSeed());
    }

    private static DriftMeasurement features(BehaviourSummary summary) {
        return summary.getDrift().getMeasurements().stream()
                .filter(m -> m.getMeasure() == DriftMeasure.FEATURES)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldCompareASampleAndKeepNothingElseWhenThereAreManyCircuits() {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            events.add(circuit(BEFORE, "p" + i, i / 100 * 1_000 + i));
        }

        end(windows(events));

        assertThat(features(closed.get(1)).getCircuits()).isEqualTo(LIMITS.sample());
        assertThat(features(closed.get(1)).getPreviousCircuits()).isEqualTo(LIMITS.sample());
        assertThat(keys(entries)).hasSize(LIMITS.sample());
    }

    @Test
    void shouldGoOnWithNothingButTheStoresWhenItIsRestarted() {
        List<Event> events = events(5, 120);
        List<String> undisturbed = replay(events);
        Windows windows = windows(List.of());
        for (int i = 0; i < events.size(); i++) {
            Event e = events.get(i);
            if (i % 20 == 19) {
                windows = open();
            }
            windows.add(e.scan(), e.arrival(), e.timestamp());
            passed(windows, e.timestamp());
        }
        assertThat(closed).as("closed between restarts").hasSizeBetween(2, 3);
        end(windows);

        assertThat(hashes(closed)).isEqualTo(undisturbed);
    }

    @Test
    void shouldCloseTheOthersAtTheNextCallWhenOneTakesTooLong() {
        windows(List.of(circuit(BEFORE, "a", 10), circuit(BEFORE, "b", 1_500), circuit(BEFORE, "c", 2_500)));
        long[] nanos = {0};
        Windows slow = new Windows(TIMES, LIMITS, scans, entries, () -> nanos[0] += 1_100_000_000L);

        end(slow);
        assertThat(closed).hasSize(1);
        end(slow);
        end(slow);
        assertThat(closed).extracting(s -> s.getWindowStart().toEpochMilli()).containsExactly(0L, 1_000L, 2_000L);
    }
}
