package io.circuitstream.audit.behaviour.window;

import io.circuitstream.audit.behaviour.digest.Arrival;
import io.circuitstream.audit.behaviour.digest.Beat;
import io.circuitstream.audit.behaviour.digest.CircuitDigest;
import io.circuitstream.audit.behaviour.drift.CircuitUnit;
import io.circuitstream.audit.behaviour.drift.Drift;
import io.circuitstream.events.BehaviourSummary;
import io.circuitstream.events.EventSource;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.WindowDrift;
import io.circuitstream.platform.provenance.CodeVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The windows of all scans of one task: entries wait in a store until their window closes, then they are counted once and deleted but
 * for the sample that the next window is compared with. Nothing is aggregated before: so nothing depends on the order in which entries
 * came, a restart has nothing to repair, and memory is needed only while a window is counted. A window closes when all sources have
 * passed its end by the grace; a source that is behind, as after an outage, holds windows open instead of losing its records. Not
 * thread-safe.
 */
public final class Windows {
    /** Far below any transaction's time-out; records wait so long. */
    private static final long BUDGET_NANOS = 2_000_000_000L;

    private final WindowTimes times;
    private final WindowLimits limits;
    private final LongSupplier nanos;
    private final KeyValueStore<Bytes, byte[]> states;
    private final Entries entries;
    private final Map<String, ScanState> scans = new TreeMap<>();
    private Sources sources = new Sources();

    /** As the stores have them. */
    public Windows(
            WindowTimes times,
            WindowLimits limits,
            KeyValueStore<Bytes, byte[]> states,
            KeyValueStore<Bytes, byte[]> entries,
            LongSupplier nanos) {
        this.times = times;
        this.limits = limits;
        this.nanos = nanos;
        this.states = states;
        this.entries = new Entries(entries);
        try (KeyValueIterator<Bytes, byte[]> all = states.all()) {
            all.forEachRemaining(this::load);
        }
    }

    private void load(KeyValue<Bytes, byte[]> state) {
        if (StateKey.isSources(state.key)) {
            sources = Sources.of(state.value);
        } else {
            scans.put(StateKey.scan(state.key), ScanState.of(state.value));
        }
    }

    /**
     * Keeps what arrived.
     *
     * @return false when it is late: then it is only counted
     */
    public boolean add(String scan, Arrival arrival, long timestamp) {
        ScanState state = scans.computeIfAbsent(scan, s -> new ScanState());
        if (state.isLate(timestamp)) {
            state.countLate(arrival.seen() instanceof CircuitDigest);
            save(scan, state);
            return false;
        }
        long start = times.start(timestamp);
        byte[] entry = arrival.entry();
        entries.put(EntryKey.of(scan, start, arrival, entry, timestamp), entry);
        if (state.open(start, times.size())) {
            save(scan, state);
        }
        return true;
    }

    /** Closes the windows that may close, oldest first; those for which the time is not enough at the next beat. */
    public void beat(Beat beat, Consumer<BehaviourSummary> closed) {
        sources.add(beat);
        states.put(StateKey.SOURCES, sources.toBytes());
        long passed = sources.passed(times.quiet());
        long deadline = nanos.getAsLong() + BUDGET_NANOS;
        scans.forEach((scan, state) -> {
            for (long start : state.due(passed, times.grace())) {
                if (nanos.getAsLong() > deadline) {
                    break;
                }
                closed.accept(close(scan, state, start));
                save(scan, state);
            }
        });
    }

    private void save(String scan, ScanState state) {
        states.put(StateKey.of(scan), state.toBytes());
    }

    private BehaviourSummary close(String scan, ScanState state, long start) {
        WindowTally tally = new WindowTally(limits);
        Sample sample = new Sample(limits.sample());
        Bytes window = EntryKey.open(scan, start);
        entries.read(window, (key, entry, arrival) -> {
            tally.add(entry, arrival);
            sample.add(key, entry, arrival);
        });
        BehaviourSummary.Builder event = BehaviourSummary.newBuilder()
                .setScan(scan)
                .setWindowStart(Instant.ofEpochMilli(start))
                .setWindowEnd(Instant.ofEpochMilli(state.end(start)))
                .setLate(state.late())
                .setLateValidations(state.lateReports());
        tally.write(event);
        event.setProvenance(Provenance.newBuilder()
                .setScan(scan)
                .setCodeVersion(CodeVersion.current().version())
                .setSource(new EventSource("circuits", event.getInputsSha256()))
                .build());
        List<CircuitUnit> units = sample.units();
        event.setDrift(drift(scan, state.previousStart(), start, units));
        entries.remove(window);
        if (!units.isEmpty()) {
            keep(scan, state.previousStart(), sample);
        }
        state.close(start, !units.isEmpty());
        return event.build();
    }

    private @Nullable WindowDrift drift(
            String scan, @Nullable Long previousStart, long start, List<CircuitUnit> units) {
        if (previousStart == null || units.isEmpty()) {
            return null;
        }
        Sample previous = new Sample(limits.sample());
        entries.read(EntryKey.previous(scan, previousStart), previous::add);
        long seed = Drift.seed(scan, start);
        return new WindowDrift(
                Instant.ofEpochMilli(previousStart),
                limits.permutations(),
                seed,
                limits.sample(),
                Drift.between(previous.units(), units, limits.permutations(), seed));
    }

    private void keep(String scan, @Nullable Long previousStart, Sample sample) {
        if (previousStart != null) {
            entries.remove(EntryKey.previous(scan, previousStart));
        }
        sample.kept().forEach(kept -> entries.put(EntryKey.toPrevious(kept.key), kept.value));
    }
}
