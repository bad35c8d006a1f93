package io.circuitstream.pruning;

import io.circuitstream.circuits.pruning.ChosenCircuit;
import io.circuitstream.circuits.pruning.CircuitFinder;
import io.circuitstream.circuits.pruning.NodeCriterion;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.circuits.pruning.StrongestPaths;
import io.circuitstream.circuits.pruning.Supernode;
import io.circuitstream.circuits.pruning.SupernodeProposals;
import io.circuitstream.events.CircuitPath;
import io.circuitstream.events.CurvePoint;
import io.circuitstream.events.PruningCriterion;
import io.circuitstream.events.SupernodeProposal;
import io.circuitstream.events.SupernodeReason;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What helps to read a circuit, as its event has it: nodes are indices in the event's list. */
final class CircuitReading {
    private static final int PATHS = 10;

    private CircuitReading() {}

    /** By influence, and by elimination as well when the circuit is: its order costs more than everything else. */
    static List<CurvePoint> curve(CircuitFinder graph, ChosenCircuit chosen) {
        return Stream.of(NodeCriterion.INFLUENCE, chosen.criterion())
                .distinct()
                .flatMap(criterion -> graph.curve(criterion, chosen.options().edgeThreshold()).stream())
                .map(point -> new CurvePoint(
                        criterion(point.criterion()),
                        point.nodeThreshold(),
                        point.nodes(),
                        point.edges(),
                        point.scores().completeness(),
                        point.scores().replacement()))
                .toList();
    }

    static PruningCriterion criterion(NodeCriterion criterion) {
        return switch (criterion) {
            case INFLUENCE -> PruningCriterion.INFLUENCE;
            case ELIMINATION -> PruningCriterion.ELIMINATION;
        };
    }

    static List<SupernodeProposal> supernodes(PrunedGraph circuit, int[] kept) {
        return SupernodeProposals.of(circuit).stream()
                .map(s -> new SupernodeProposal(reason(s.reason()), places(kept, s.nodes()), s.similarity()))
                .toList();
    }

    private static SupernodeReason reason(Supernode.Reason reason) {
        return switch (reason) {
            case SAME_FEATURE -> SupernodeReason.SAME_FEATURE;
            case SAME_PROFILE -> SupernodeReason.SAME_PROFILE;
        };
    }

    static List<CircuitPath> paths(PrunedGraph circuit, int[] kept) {
        return StrongestPaths.of(circuit, PATHS).stream()
                .map(p -> new CircuitPath(places(kept, p.nodes()), p.strength(), p.effect()))
                .toList();
    }

    private static List<Integer> places(int[] kept, int[] nodes) {
        return Arrays.stream(nodes)
                .map(n -> Arrays.binarySearch(kept, n))
                .boxed()
                .toList();
    }
}
