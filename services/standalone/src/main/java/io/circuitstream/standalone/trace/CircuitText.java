package io.circuitstream.standalone.trace;

import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.CircuitPath;
import io.circuitstream.events.PruningCriterion;
import io.circuitstream.events.PruningMode;
import io.circuitstream.events.PruningSettings;
import io.circuitstream.events.SupernodeProposal;
import io.circuitstream.events.SupernodeReason;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a circuit was cut and how it can be read, in a few words; features as {@code --target-feature} takes them. */
public final class CircuitText {
    private static final int SHOWN_PATHS = 3;
    private static final int SHOWN_MEMBERS = 4;

    private CircuitText() {}

    /** Empty of a circuit that was cut by thresholds of influence. */
    static Optional<String> size(Circuit circuit) {
        PruningSettings asked = circuit.getRequest().getPruning();
        if (asked.getMode() == PruningMode.THRESHOLDS && circuit.getCriterion() != PruningCriterion.ELIMINATION) {
            return Optional.empty();
        }
        String what =
                switch (asked.getMode()) {
                    case THRESHOLDS -> "as many nodes as at node threshold " + asked.getNodeThreshold();
                    case COMPLETENESS ->
                        "the smallest that keeps " + asked.getCompletenessShare() + " of the completeness";
                    case NODE_BUDGET -> "at most " + asked.getNodeBudget() + " features and errors";
                };
        return Optional.of(String.format(
                Locale.ROOT,
                "%s, by %s; edge threshold %s",
                what,
                circuit.getCriterion().name().toLowerCase(Locale.ROOT),
                circuit.getEdgeThreshold()));
    }

    /** The strongest, one an entry. */
    public static List<String> paths(Circuit circuit) {
        return circuit.getPaths().stream()
                .limit(SHOWN_PATHS)
                .map(path -> path(circuit, path))
                .toList();
    }

    private static String path(Circuit circuit, CircuitPath path) {
        String way = path.getNodes().stream()
                .map(n -> node(circuit, circuit.getNodes().get(n)))
                .collect(Collectors.joining(" → "));
        return String.format(
                Locale.ROOT, "%s   %.4f of the weight, effect %+.3f", way, path.getStrength(), path.getEffect());
    }

    /** How many are proposed, and the first. */
    static Optional<String> supernodes(Circuit circuit) {
        List<SupernodeProposal> proposals = circuit.getSupernodes();
        if (proposals.isEmpty()) {
            return Optional.empty();
        }
        SupernodeProposal first = proposals.get(0);
        String members = first.getNodes().stream()
                .limit(SHOWN_MEMBERS)
                .map(n -> node(circuit, circuit.getNodes().get(n)))
                .collect(Collectors.joining(" + "));
        int more = first.getNodes().size() - SHOWN_MEMBERS;
        return Optional.of(proposals.size() + " proposed: " + members + (more > 0 ? " + " + more + " more" : "")
                + (first.getReason() == SupernodeReason.SAME_FEATURE ? " (one feature)" : " (alike edges)")
                + (proposals.size() > 1 ? ", …" : ""));
    }

    private static String node(Circuit circuit, CircuitNode node) {
        return switch (node.getKind()) {
            case TOKEN -> TracePrinter.safe(circuit.getTokens().get(node.getPosition()));
            case LOGIT -> TracePrinter.safe(logit(circuit, node));
            default -> node.getLayer() + "/" + node.getFeature() + "@" + node.getPosition();
        };
    }

    private static String logit(Circuit circuit, CircuitNode node) {
        return circuit.getTargets().stream()
                .filter(t -> t.getTokenId() == node.getFeature())
                .findFirst()
                .map(t -> t.getToken())
                .orElse(node.getId());
    }
}
