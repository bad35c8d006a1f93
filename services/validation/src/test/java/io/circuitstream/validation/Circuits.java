package io.circuitstream.validation;

import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.attribution.AttributionOptions;
import io.circuitstream.circuits.attribution.Attributor;
import io.circuitstream.circuits.attribution.RowProgress;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.Columns;
import io.circuitstream.events.LogitTarget;
import io.circuitstream.events.NodeKind;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.Status;
import io.circuitstream.events.ValidationSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A tiny model, and circuits for it: the whole graph, nothing pruned. */
final class Circuits {
    static final int[] TOKENS = {1, 5, 9, 3, 17};

    private Circuits() {}

    static TraceableModel model(Path folder) throws IOException {
        return TraceableModel.load(
                TinyModels.llama(folder.resolve("tiny"), 11),
                TinyModels.transcoder(folder.resolve("clt"), Kind.CROSS_LAYER, InputSite.RESID_MID, true, 12),
                2);
    }

    static Circuit.Builder ok(TraceableModel model) {
        return ok(model, ValidationSettings.newBuilder().build());
    }

    static Circuit.Builder ok(TraceableModel model, ValidationSettings settings) {
        return of(model, settings, graph(model));
    }

    /** Without nodes, of no model. */
    static Circuit empty() {
        return Circuit.newBuilder()
                .setPromptId("p1")
                .setStatus(Status.OK)
                .setRequest(PromptSubmitted.newBuilder().setPromptId("p1").build())
                .setProvenance(Provenance.newBuilder()
                        .setModelName("")
                        .setModelHash("")
                        .setScan("")
                        .setThreads(1)
                        .build())
                .build();
    }

    static Circuit.Builder of(TraceableModel model, ValidationSettings settings, AttributionGraph graph) {
        Nodes nodes = graph.nodes();
        SparseRows rows = graph.rows();
        int[] target = new int[rows.col().length];
        for (int r = 0; r < rows.count(); r++) {
            Arrays.fill(target, rows.begin(r), rows.end(r), rows.rowNode()[r]);
        }
        return Circuit.newBuilder()
                .setPromptId("p1")
                .setStatus(Status.OK)
                .setRequest(PromptSubmitted.newBuilder()
                        .setPromptId("p1")
                        .setTokenIds(Arrays.stream(TOKENS).boxed().toList())
                        .setValidation(settings)
                        .build())
                .setProvenance(Provenance.newBuilder()
                        .setModelName("tiny")
                        .setModelHash(model.model().hash())
                        .setScan(model.transcoder().scan())
                        .setThreads(1)
                        .build())
                .setTokenIds(Arrays.stream(TOKENS).boxed().toList())
                .setTokens(nodes.tokens())
                .setLayers(nodes.layers())
                .setTargets(nodes.targets().stream()
                        .map(t -> new LogitTarget(t.tokenId(), t.token(), t.probability(), null, null, null))
                        .toList())
                .setNodes(nodes(graph))
                .setEdgeTarget(Columns.of(target))
                .setEdgeSource(Columns.of(rows.col()))
                .setEdgeWeight(Columns.of(rows.val()));
    }

    static AttributionGraph graph(TraceableModel model) {
        return graph(model, AttributionOptions.DEFAULT);
    }

    static AttributionGraph graph(TraceableModel model, AttributionOptions options) {
        try (LocalReplacementModel local = model.local(TOKENS)) {
            return Attributor.attribute(local, options, RowProgress.NONE);
        }
    }

    private static List<CircuitNode> nodes(AttributionGraph graph) {
        Nodes nodes = graph.nodes();
        double[] influence = Influence.of(graph);
        double[] effect = Influence.totalEffect(graph, nodes.firstLogit());
        List<CircuitNode> result = new ArrayList<>();
        for (int n = 0; n < nodes.count(); n++) {
            result.add(CircuitNode.newBuilder()
                    .setId(nodes.id(n))
                    .setKind(NodeKind.valueOf(nodes.kind(n).name()))
                    .setLayer(nodes.layer(n))
                    .setPosition(nodes.position(n))
                    .setFeature(nodes.feature(n))
                    .setValue(nodes.value(n))
                    .setInfluence((float) influence[n])
                    .setScore(0)
                    .setEffect((float) effect[n])
                    .build());
        }
        return result;
    }
}
