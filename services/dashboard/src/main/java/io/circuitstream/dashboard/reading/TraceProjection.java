package io.circuitstream.dashboard.reading;

import io.circuitstream.dashboard.annotations.AnnotationTable;
import io.circuitstream.dashboard.features.CircuitUse;
import io.circuitstream.dashboard.features.EdgeTable;
import io.circuitstream.dashboard.features.FeatureTable;
import io.circuitstream.dashboard.store.Step;
import io.circuitstream.dashboard.traces.EventTable;
import io.circuitstream.dashboard.traces.Mark;
import io.circuitstream.dashboard.traces.Stage;
import io.circuitstream.dashboard.traces.Totals;
import io.circuitstream.dashboard.traces.Trace;
import io.circuitstream.dashboard.traces.TraceTable;
import io.circuitstream.dashboard.traces.TrustTable;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.Topics.Event;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What a prompt's events do to the store. For one thread. */
final class TraceProjection {
    private static final int MOST_FORGOTTEN_AT_ONCE = 200;

    private final EventTypes types;
    private final int mostTraces;

    TraceProjection(EventTypes types, int mostTraces) {
        this.types = types;
        this.mostTraces = mostTraces;
    }

    void apply(Step step, Event topic, ConsumerRecord<String, byte[]> record, SpecificRecord event, Changed changed) {
        String promptId = record.key();
        Mark mark = new Mark(stage(topic), record.timestamp(), record.topic(), record.partition(), record.offset());
        @Nullable Trace before = TraceTable.find(step, promptId).orElse(null);
        Trace after = Trace.with(before, promptId, mark, event);
        TraceTable.put(step, before, after);
        TrustTable.change(step, before, after);
        Totals.read(step).changed(before, after).write(step);
        if (event instanceof Circuit circuit) {
            use(step, before, promptId, -1, changed);
            use(step, circuit, mark.at(), promptId, 1, changed);
        }
        if (topic != Event.GRAPHS) {
            EventTable.put(step, mark.stage(), promptId, record.value());
        }
        changed.traces.put(promptId, after);
    }

    /** An imported graph stands where a circuit does. */
    private static Stage stage(Event topic) {
        return Arrays.stream(Stage.values())
                .filter(stage -> stage.topic() == topic)
                .findFirst()
                .orElse(Stage.PRUNING);
    }

    /** Takes the circuit that the trace had so far out of the sums. */
    private void use(Step step, @Nullable Trace before, String promptId, int sign, Changed changed) {
        if (before != null && before.circuit() != null && !before.imported()) {
            long at = before.mark(Stage.PRUNING).orElseThrow().at();
            EventTable.find(step, Stage.PRUNING, promptId)
                    .map(bytes -> (Circuit) types.decode(Event.CIRCUITS, bytes))
                    .ifPresent(circuit -> use(step, circuit, at, promptId, sign, changed));
        }
    }

    private static void use(Step step, Circuit circuit, long at, String promptId, int sign, Changed changed) {
        CircuitUse use = CircuitUse.of(circuit);
        use.features()
                .forEach((key, each) -> changed.rows.add(
                        sign > 0
                                ? FeatureTable.use(step, key, at, promptId, each)
                                : FeatureTable.unuse(step, key, at, promptId, each)));
        use.edges().forEach((edge, weight) -> EdgeTable.add(step, edge, weight, sign));
    }

    /** Forgets the oldest traces when there are too many; whether there are still. */
    boolean forget(Step step, Changed changed) {
        int surplus = Totals.read(step).traces() - mostTraces;
        if (surplus <= 0) {
            return false;
        }
        List<Trace> oldest = TraceTable.oldest(step, Math.min(surplus, MOST_FORGOTTEN_AT_ONCE));
        for (Trace trace : oldest) {
            use(step, trace, trace.promptId(), -1, changed);
            EventTable.remove(step, trace.promptId());
            AnnotationTable.remove(step, trace.promptId());
            TraceTable.remove(step, trace);
            TrustTable.change(step, trace, null);
            Totals.read(step).changed(trace, null).write(step);
        }
        return surplus > oldest.size();
    }
}
