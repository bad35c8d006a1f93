package io.circuitstream.audit.behaviour.vector;

import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitPath;
import io.circuitstream.events.CircuitVector;
import io.circuitstream.events.Columns;
import io.circuitstream.events.LogitTarget;
import io.circuitstream.events.NodeKind;
import io.circuitstream.events.PruningCriterion;
import io.circuitstream.events.SupernodeReason;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.stream.Provenances;
import java.util.List;

/** Makes vectors of circuits. */
public final class CircuitVectors {
    private CircuitVectors() {}

    /** A function of the event's bytes. */
    public static CircuitVector of(Received<Circuit> received) {
        Circuit circuit = received.event();
        return CircuitVector.newBuilder()
                .setPromptId(circuit.getPromptId())
                .setProvenance(Provenances.next(circuit.getProvenance(), Event.CIRCUITS.shortName(), received.sha256()))
                .setLayout(VectorLayout.VERSION)
                .setValues(values(circuit))
                .build();
    }

    private static List<Float> values(Circuit circuit) {
        Values values = new Values();
        NodeSums nodes = new NodeSums(circuit.getLayers(), circuit.getNodes());
        sizes(values, circuit, nodes);
        scores(values, circuit);
        targets(values, circuit.getTargets());
        influence(values, circuit, nodes);
        paths(values, circuit.getPaths());
        return values.add(count(circuit, SupernodeReason.SAME_FEATURE))
                .add(count(circuit, SupernodeReason.SAME_PROFILE))
                .add(circuit.getCriterion() == PruningCriterion.ELIMINATION ? 1 : 0)
                .add(negativeWeight(Columns.floats(circuit.getEdgeWeight())))
                .shares(nodes.depths(NodeKind.FEATURE), nodes.influence(NodeKind.FEATURE))
                .shares(nodes.depths(NodeKind.ERROR), nodes.influence(NodeKind.ERROR))
                .list();
    }

    private static void sizes(Values values, Circuit circuit, NodeSums nodes) {
        int count = circuit.getNodes().size();
        int edges = circuit.getEdgeWeight().remaining() / Float.BYTES;
        values.add(circuit.getTokenIds().size())
                .add(circuit.getLayers())
                .add(circuit.getActiveFeatures())
                .add(circuit.getRows())
                .add(StrictMath.log10(1. + circuit.getStoredEdges()))
                .add(count)
                .add(nodes.count(NodeKind.FEATURE))
                .add(nodes.count(NodeKind.ERROR))
                .add(nodes.count(NodeKind.TOKEN))
                .add(nodes.count(NodeKind.LOGIT))
                .add(edges)
                .share(edges, count);
    }

    private static void scores(Values values, Circuit circuit) {
        values.add(circuit.getReplacementScore())
                .add(circuit.getCompletenessScore())
                .add(circuit.getCircuitReplacementScore())
                .add(circuit.getCircuitCompletenessScore())
                .add(circuit.getCircuitSignedReplacementScore())
                .add(circuit.getCircuitSignedCompletenessScore())
                .add(circuit.getSkippedInfluenceBound() + circuit.getLeftOutInfluenceBound())
                .add(circuit.getNodeThreshold())
                .add(circuit.getEdgeThreshold());
    }

    private static void targets(Values values, List<LogitTarget> targets) {
        values.add(targets.isEmpty() ? Double.NaN : targets.get(0).getProbability())
                .add(targets.stream().mapToDouble(LogitTarget::getProbability).sum())
                .add(targets.size());
    }

    private static void influence(Values values, Circuit circuit, NodeSums nodes) {
        double all = nodes.allInfluence();
        Concentration features = nodes.overFeatures();
        Concentration positions = nodes.overPositions();
        values.share(nodes.influence(NodeKind.FEATURE), all)
                .share(nodes.influence(NodeKind.ERROR), all)
                .share(nodes.influence(NodeKind.TOKEN), all)
                .add(features.effective())
                .add(features.largest())
                .add(positions.effective())
                .add(positions.largest())
                .add(nodes.positionShare(circuit.getTokenIds().size() - 1))
                .add(nodes.negativeEffect())
                .add(nodes.meanDepth())
                .add(nodes.depthDeviation());
    }

    private static void paths(Values values, List<CircuitPath> paths) {
        double strength = 0;
        double nodes = 0;
        double weighted = 0;
        for (CircuitPath path : paths) {
            strength += path.getStrength();
            nodes += path.getNodes().size();
            weighted += path.getStrength() * path.getNodes().size();
        }
        values.add(paths.isEmpty() ? Double.NaN : paths.get(0).getStrength())
                .add(strength)
                .share(nodes, paths.size())
                .share(weighted, strength)
                .add(paths.size());
    }

    private static int count(Circuit circuit, SupernodeReason reason) {
        return (int) circuit.getSupernodes().stream()
                .filter(s -> s.getReason() == reason)
                .count();
    }

    private static double negativeWeight(float[] weights) {
        double negative = 0;
        double all = 0;
        for (float weight : weights) {
            all += Math.abs(weight);
            negative += Math.max(0, -weight);
        }
        return negative / all;
    }
}
