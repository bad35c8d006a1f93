package io.circuitstream.graphs;

import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.Columns;
import io.circuitstream.events.NodeKind;
import java.util.Arrays;

/** From the circuit of the maths to the columns of its event. */
public final class CircuitWriter {
    private CircuitWriter() {}

    /** Sets nodes, ascending as in the graph, and edges, whose ends are places among these nodes. */
    public static void write(PrunedGraph circuit, Circuit.Builder event) {
        double[] effect =
                Influence.totalEffect(circuit.graph(), circuit.graph().nodes().firstLogit());
        int[] kept = circuit.nodes();
        PrunedGraph.Edges edges = circuit.edges();
        event.setNodes(Arrays.stream(kept)
                        .mapToObj(node -> node(circuit, node, effect[node]))
                        .toList())
                .setEdgeTarget(Columns.of(places(kept, edges.target())))
                .setEdgeSource(Columns.of(places(kept, edges.source())))
                .setEdgeWeight(Columns.of(edges.weight()));
    }

    private static int[] places(int[] kept, int[] nodes) {
        return Arrays.stream(nodes).map(node -> Arrays.binarySearch(kept, node)).toArray();
    }

    private static CircuitNode node(PrunedGraph circuit, int node, double effect) {
        Nodes nodes = circuit.graph().nodes();
        NodeKind kind =
                switch (nodes.kind(node)) {
                    case FEATURE -> NodeKind.FEATURE;
                    case ERROR -> NodeKind.ERROR;
                    case TOKEN -> NodeKind.TOKEN;
                    case LOGIT -> NodeKind.LOGIT;
                };
        return CircuitNode.newBuilder()
                .setId(nodes.id(node))
                .setKind(kind)
                .setLayer(nodes.layer(node))
                .setPosition(nodes.position(node))
                .setFeature(nodes.feature(node))
                .setValue(nodes.value(node))
                .setInfluence((float) circuit.influence()[node])
                .setScore(kind == NodeKind.LOGIT ? 0 : (float) circuit.score()[node])
                .setEffect((float) effect)
                .build();
    }
}
