package io.circuitstream.standalone.trace;

import io.circuitstream.circuits.export.NeuronpediaGraph;
import io.circuitstream.circuits.export.SavedGraph;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.pruning.ChosenCircuit;
import io.circuitstream.circuits.pruning.CircuitFinder;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Provenance;
import io.circuitstream.pruning.CircuitChoice;
import io.circuitstream.pruning.GraphReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** A trace's graph and circuit as files for other tools. */
public final class TraceFiles {
    private TraceFiles() {}

    /** Writes the circuit as Neuronpedia graph JSON. The trace must have its graph. */
    public static void export(Path file, Trace trace) throws IOException {
        PromptSubmitted request = trace.inference().getRequest();
        ChosenCircuit chosen = CircuitChoice.of(new CircuitFinder(graph(trace)), request.getPruning());
        Provenance provenance = trace.circuit().getProvenance();
        NeuronpediaGraph.write(
                file,
                chosen.circuit(),
                chosen.options(),
                new NeuronpediaGraph.Metadata(
                        request.getPromptId(),
                        provenance.getScan(),
                        String.join(" ", trace.inference().getTokens()),
                        provenance.getCodeVersion()));
    }

    /** Writes the unpruned graph as safetensors. The trace must have its graph. */
    public static void saveGraph(Path file, Trace trace) throws IOException {
        Provenance provenance = trace.circuit().getProvenance();
        SavedGraph.write(
                file,
                graph(trace),
                Map.of(
                        "promptId", trace.inference().getPromptId(),
                        "modelName", provenance.getModelName(),
                        "modelHash", provenance.getModelHash(),
                        "scan", provenance.getScan(),
                        "codeVersion", provenance.getCodeVersion(),
                        "dtype", provenance.getDtype(),
                        "threads", Integer.toString(provenance.getThreads())));
    }

    private static AttributionGraph graph(Trace trace) {
        return GraphReader.read(Objects.requireNonNull(trace.graph(), "the trace was collected without its graph"));
    }
}
