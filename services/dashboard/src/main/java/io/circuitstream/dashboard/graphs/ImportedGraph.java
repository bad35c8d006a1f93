package io.circuitstream.dashboard.graphs;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graphfile.FileGraph;
import io.circuitstream.circuits.graphfile.GraphFile;
import io.circuitstream.circuits.graphfile.GraphNode;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.circuits.pruning.Pruner;
import io.circuitstream.circuits.pruning.PruningOptions;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitAnnotations;
import io.circuitstream.events.GraphImported;
import io.circuitstream.events.LogitTarget;
import io.circuitstream.events.NamedSupernode;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.Status;
import io.circuitstream.graphs.CircuitWriter;
import io.circuitstream.platform.provenance.CodeVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A graph file as the event that brings all of its nodes and links into the dashboard, and what it had pinned, grouped and named. */
public final class ImportedGraph {
    private final GraphFile file;
    private final FileGraph graph;
    private final Nodes nodes;
    private final PrunedGraph all;

    public ImportedGraph(GraphFile file) {
        this.file = file;
        this.graph = FileGraph.of(file);
        this.nodes = graph.graph().nodes();
        this.all = all(graph.graph());
    }

    /** Everything that the file names, with shares of influence where it does not say them. */
    private PrunedGraph all(AttributionGraph unpruned) {
        PrunedGraph scored = Pruner.prune(unpruned, new PruningOptions(1, 1));
        double[] score = scored.score().clone();
        boolean[] named = new boolean[nodes.count()];
        for (int i = 0; i < graph.nodeOf().length; i++) {
            named[graph.nodeOf()[i]] = true;
            Float given = file.nodes().get(i).influence();
            if (given != null) {
                score[graph.nodeOf()[i]] = given;
            }
        }
        BitSet edges = new BitSet();
        edges.set(0, unpruned.rows().col().length);
        return new PrunedGraph(unpruned, scored.influence(), score, named, edges);
    }

    /**
     * The graph under this id.
     *
     * @param tenant whose it is, which the event says as a prompt's does: in its request
     */
    public GraphImported event(String promptId, String name, String tenant, Instant now) {
        return GraphImported.newBuilder()
                .setPromptId(promptId)
                .setName(name)
                .setTime(now)
                .setWarnings(file.warnings())
                .setCircuit(circuit(promptId, name, tenant))
                .build();
    }

    private Circuit circuit(String promptId, String name, String tenant) {
        PrunedGraph.Scores folded = all.foldedScores();
        String text = file.prompt().isEmpty() ? name : file.prompt();
        Circuit.Builder event = Circuit.newBuilder()
                .setPromptId(promptId)
                .setStatus(Status.OK)
                .setRequest(PromptSubmitted.newBuilder()
                        .setPromptId(promptId)
                        .setText(text)
                        .setTenant(tenant)
                        .setTags(List.of("imported"))
                        .build())
                .setProvenance(Provenance.newBuilder()
                        .setScan(file.scan())
                        .setCodeVersion(CodeVersion.current().version())
                        .build())
                .setTokenIds(Arrays.stream(nodes.tokenIds()).boxed().toList())
                .setTokens(nodes.tokens())
                .setLayers(file.layers())
                .setTargets(nodes.targets().stream()
                        .map(target -> LogitTarget.newBuilder()
                                .setTokenId(target.tokenId())
                                .setToken(target.token())
                                .setProbability(target.probability())
                                .build())
                        .toList())
                .setActiveFeatures(nodes.featureCount())
                .setReplacementScore(graph.graph().scores().replacement())
                .setCompletenessScore(graph.graph().scores().completeness())
                .setCircuitReplacementScore(folded.replacement())
                .setCircuitCompletenessScore(folded.completeness())
                .setSkippedInfluenceBound(Double.NaN)
                .setNodeThreshold(file.nodeThreshold().orElse(0));
        CircuitWriter.write(all, event);
        return event.build();
    }

    /** Empty when the file has nothing pinned, grouped or named. */
    public Optional<CircuitAnnotations> annotations(String promptId, Instant now) {
        Map<String, String> ours = new HashMap<>();
        Map<String, String> labels = new LinkedHashMap<>();
        for (int i = 0; i < graph.nodeOf().length; i++) {
            GraphNode node = file.nodes().get(i);
            String id = nodes.id(graph.nodeOf()[i]);
            ours.putIfAbsent(node.id(), id);
            if (node.kind() == Nodes.Kind.FEATURE && !node.label().isEmpty()) {
                labels.put(id, node.label());
            }
        }
        List<String> pins = translated(ours, file.pinnedIds());
        List<NamedSupernode> groups = new ArrayList<>();
        file.supernodes()
                .forEach(group -> groups.add(new NamedSupernode(group.name(), translated(ours, group.nodeIds()))));
        if (pins.isEmpty() && groups.isEmpty() && labels.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(CircuitAnnotations.newBuilder()
                .setPromptId(promptId)
                .setRevision(1)
                .setPins(pins)
                .setSupernodes(groups)
                .setLabels(labels)
                .setTime(now)
                .build());
    }

    /** The file's ids as ours; those of nodes that it has not are passed over. */
    private static List<String> translated(Map<String, String> ours, List<String> ids) {
        return ids.stream().map(ours::get).filter(Objects::nonNull).toList();
    }
}
