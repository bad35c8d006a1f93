package io.circuitstream.standalone.trace;

import io.circuitstream.circuits.export.NeuronpediaGraph;
import io.circuitstream.circuits.export.SavedGraph;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.picture.CircuitPicture;
import io.circuitstream.circuits.picture.FeatureLabels;
import io.circuitstream.circuits.picture.PictureSize;
import io.circuitstream.circuits.pruning.ChosenCircuit;
import io.circuitstream.circuits.pruning.CircuitFinder;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Provenance;
import io.circuitstream.graphs.GraphReader;
import io.circuitstream.pruning.CircuitChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** A trace's graph and circuit as files for people and other tools. */
public final class TraceFiles {
    private TraceFiles() {}

    /** Writes the circuit as Neuronpedia graph JSON. The trace must have its graph. */
    public static void export(Path file, Trace trace) throws IOException {
        PromptSubmitted request = trace.inference().getRequest();
        ChosenCircuit chosen = chosen(trace);
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

    /** Draws the circuit. The trace must have its graph. */
    public static void picture(Path file, Trace trace) throws IOException {
        Files.writeString(file, picture(trace, FeatureLabels.NONE));
    }

    /** The circuit as SVG. The trace must have its graph. */
    public static String picture(Trace trace, FeatureLabels labels) {
        InferenceCompleted inference = trace.inference();
        String title = inference.getText() == null ? String.join(" ", inference.getTokens()) : inference.getText();
        return CircuitPicture.of(chosen(trace).circuit(), title, labels, PictureSize.READABLE);
    }

    private static ChosenCircuit chosen(Trace trace) {
        return CircuitChoice.of(
                new CircuitFinder(graph(trace)), trace.inference().getRequest().getPruning());
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
