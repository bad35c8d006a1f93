package io.circuitstream.dashboard.reading;

import io.circuitstream.dashboard.features.FeatureIndex;
import io.circuitstream.dashboard.store.Store;
import io.circuitstream.dashboard.traces.EventTable;
import io.circuitstream.dashboard.traces.Recent;
import io.circuitstream.dashboard.traces.Stage;
import io.circuitstream.dashboard.traces.Trace;
import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.GraphImported;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Topics.Event;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;

/** What was read, for whoever answers questions. Thread-safe. */
public record View(Store store, EventTypes types, FeatureIndex features, Recent recent, GraphFetcher graphs) {

    /** A stage's result; empty when there is none, or when it was a graph that the topic has not any more. */
    public Optional<SpecificRecord> event(Trace trace, Stage stage) {
        if (stage == Stage.ATTRIBUTION) {
            return graph(trace).map(graph -> graph);
        }
        Optional<byte[]> bytes = EventTable.find(store, stage, trace.promptId());
        if (trace.imported() && stage == Stage.PRUNING) {
            return bytes.map(b -> ((GraphImported) types.decode(Event.IMPORTS, b)).getCircuit());
        }
        return bytes.map(b -> types.decode(stage.topic(), b));
    }

    /** Read from its topic: graphs are too large to be kept twice. */
    public Optional<AttributionGraph> graph(Trace trace) {
        return trace.mark(Stage.ATTRIBUTION).flatMap(graphs::fetch);
    }

    /** The newest result that is kept as a whole. */
    public Optional<SpecificRecord> newest(Trace trace) {
        return List.of(Stage.VALIDATION, Stage.PRUNING, Stage.INFERENCE).stream()
                .flatMap(stage -> event(trace, stage).stream())
                .findFirst();
    }

    /** What was asked for; empty when only a graph was seen so far. */
    public Optional<PromptSubmitted> request(Trace trace) {
        Optional<SpecificRecord> sent = event(trace, Stage.PROMPTS);
        if (sent.isPresent()) {
            return sent.map(event -> (PromptSubmitted) event);
        }
        return newest(trace).map(event -> (PromptSubmitted)
                event.get(event.getSchema().getField("request").pos()));
    }
}
