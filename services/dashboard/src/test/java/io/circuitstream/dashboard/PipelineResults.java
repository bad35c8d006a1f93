package io.circuitstream.dashboard;

import io.circuitstream.attribution.AttributionStage;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.inference.InferenceStage;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.pruning.PruningStage;
import io.circuitstream.validation.ValidationStage;
import java.nio.file.Path;

/** What the real stages make of a prompt, without topics between them. */
record PipelineResults(
        PromptSubmitted prompt,
        InferenceCompleted inference,
        AttributionGraph graph,
        Circuit circuit,
        ValidationReport report) {
    static final Path MODEL = Path.of("../../models/tiny-ten");

    /** The same results for another prompt. */
    PipelineResults renamed(String id) {
        return new PipelineResults(
                PromptSubmitted.newBuilder(prompt).setPromptId(id).build(),
                InferenceCompleted.newBuilder(inference).setPromptId(id).build(),
                AttributionGraph.newBuilder(graph).setPromptId(id).build(),
                Circuit.newBuilder(circuit).setPromptId(id).build(),
                ValidationReport.newBuilder(report).setPromptId(id).build());
    }

    /** The same results for another prompt, of a tenant. */
    PipelineResults renamed(String id, String tenant) {
        PromptSubmitted request = PromptSubmitted.newBuilder(prompt)
                .setPromptId(id)
                .setTenant(tenant)
                .build();
        PipelineResults same = renamed(id);
        return new PipelineResults(
                request,
                InferenceCompleted.newBuilder(same.inference)
                        .setRequest(request)
                        .build(),
                AttributionGraph.newBuilder(same.graph).setRequest(request).build(),
                Circuit.newBuilder(same.circuit).setRequest(request).build(),
                ValidationReport.newBuilder(same.report).setRequest(request).build());
    }

    static PipelineResults of(TraceableModel model, PromptSubmitted prompt) {
        InferenceCompleted inference = new InferenceStage(model, 64).process(Received.asWritten(prompt), done -> {});
        AttributionGraph graph = new AttributionStage(model).process(Received.asWritten(inference), done -> {});
        Circuit circuit = new PruningStage().process(Received.asWritten(graph), done -> {});
        ValidationReport report = new ValidationStage(model).process(Received.asWritten(circuit), done -> {});
        return new PipelineResults(prompt, inference, graph, circuit, report);
    }
}
