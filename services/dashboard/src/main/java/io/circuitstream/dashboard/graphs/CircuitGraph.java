package io.circuitstream.dashboard.graphs;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.Columns;
import io.circuitstream.events.NodeKind;
import io.circuitstream.graphs.EventNodes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** A circuit's event as the circuit of the maths, in a graph that has nothing else: its nodes and edges are all there is. */
final class CircuitGraph {
    private final Circuit event;
    private final List<CircuitNode> features = new ArrayList<>();
    private final int[] indexOf;

    private CircuitGraph(Circuit event) {
        this.event = event;
        this.indexOf = new int[event.getNodes().size()];
    }

    static PrunedGraph of(Circuit event) {
        return new CircuitGraph(event).build();
    }

    private PrunedGraph build() {
        Nodes nodes = nodes();
        double[] influence = new double[nodes.count()];
        double[] score = new double[nodes.count()];
        boolean[] kept = new boolean[nodes.count()];
        for (int i = 0; i < indexOf.length; i++) {
            CircuitNode node = event.getNodes().get(i);
            influence[indexOf[i]] = node.getInfluence();
            score[indexOf[i]] = node.getScore();
            kept[indexOf[i]] = true;
        }
        SparseRows rows = rows(nodes);
        BitSet edges = new BitSet();
        edges.set(0, rows.col().length);
        return new PrunedGraph(AttributionGraph.ofRows(nodes, rows), influence, score, kept, edges);
    }

    /** The event's nodes stand in the order of a graph; only the errors of a graph are more. */
    private Nodes nodes() {
        int positions = event.getTokenIds().size();
        float[] errorNorm = new float[event.getLayers() * positions];
        int count = (int) event.getNodes().stream()
                .filter(node -> node.getKind() == NodeKind.FEATURE)
                .count();
        int firstToken = count + errorNorm.length;
        int logits = 0;
        for (int i = 0; i < indexOf.length; i++) {
            CircuitNode node = event.getNodes().get(i);
            int place = node.getLayer() * positions + node.getPosition();
            indexOf[i] = switch (node.getKind()) {
                case FEATURE -> features.size();
                case ERROR -> count + place;
                case TOKEN -> firstToken + node.getPosition();
                default -> firstToken + positions + logits++;
            };
            if (node.getKind() == NodeKind.FEATURE) {
                features.add(node);
            } else if (node.getKind() == NodeKind.ERROR) {
                errorNorm[place] = node.getValue();
            }
        }
        return new Nodes(
                event.getLayers(),
                0,
                EventNodes.ints(event.getTokenIds()),
                event.getTokens(),
                active(),
                errorNorm,
                EventNodes.targets(event.getTargets()));
    }

    private ActiveFeatures active() {
        int[] layer = features.stream().mapToInt(CircuitNode::getLayer).toArray();
        float[] activation = new float[layer.length];
        for (int i = 0; i < activation.length; i++) {
            activation[i] = features.get(i).getValue();
        }
        return EventNodes.features(
                event.getLayers(),
                layer,
                features.stream().mapToInt(CircuitNode::getPosition).toArray(),
                features.stream().mapToInt(CircuitNode::getFeature).toArray(),
                activation);
    }

    /** The event's edges ascend by target, then source. */
    private SparseRows rows(Nodes nodes) {
        int[] target = Columns.ints(event.getEdgeTarget());
        int[] source = Columns.ints(event.getEdgeSource());
        float[] weight = Columns.floats(event.getEdgeWeight());
        List<Integer> rowNode = new ArrayList<>();
        List<Long> rowPtr = new ArrayList<>();
        List<Float> absSum = new ArrayList<>();
        int[] col = new int[weight.length];
        double sum = 0;
        for (int e = 0; e < weight.length; e++) {
            if (e == 0 || target[e] != target[e - 1]) {
                if (e > 0) {
                    absSum.add((float) sum);
                }
                sum = 0;
                rowNode.add(indexOf[target[e]]);
                rowPtr.add((long) e);
            }
            col[e] = indexOf[source[e]];
            sum += Math.abs(weight[e]);
        }
        absSum.add((float) sum);
        rowPtr.add((long) weight.length);
        int[] row = EventNodes.ints(rowNode);
        float[] sums = new float[row.length];
        float[] value = new float[row.length];
        for (int r = 0; r < row.length; r++) {
            sums[r] = absSum.get(r);
            value[r] = row[r] < nodes.firstLogit() ? nodes.value(row[r]) : Float.NaN;
        }
        long[] ptr = rowPtr.stream().mapToLong(Long::longValue).toArray();
        return new SparseRows(row, ptr, col, weight, sums, new float[row.length], value);
    }
}
