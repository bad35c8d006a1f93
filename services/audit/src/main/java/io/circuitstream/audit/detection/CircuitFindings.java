package io.circuitstream.audit.detection;

import io.circuitstream.audit.CandidateFinding;
import io.circuitstream.audit.Subject;
import io.circuitstream.audit.rules.NamedRule;
import io.circuitstream.audit.rules.Rule;
import io.circuitstream.audit.rules.RuleSet;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.Evidence;
import io.circuitstream.events.NodeKind;
import io.circuitstream.events.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Watched features, labels and supernodes against a circuit: their influence is summed over nodes, so over positions. */
final class CircuitFindings {
    private CircuitFindings() {}

    static List<CandidateFinding> of(RuleSet rules, Labels labels, Origin origin, Circuit circuit) {
        if (circuit.getStatus() != Status.OK) {
            return List.of();
        }
        List<CandidateFinding> findings = new ArrayList<>();
        for (NamedRule<Rule.Watched> named : rules.of(Rule.Watched.class)) {
            if (named.rule()
                    .scan()
                    .filter(scan -> !scan.equals(circuit.getProvenance().getScan()))
                    .isEmpty()) {
                evaluate(named, labels, origin, circuit, findings);
            }
        }
        return findings;
    }

    private static void evaluate(
            NamedRule<Rule.Watched> named,
            Labels labels,
            Origin origin,
            Circuit circuit,
            List<CandidateFinding> findings) {
        Predicate<CircuitNode> matches =
                matching(named.rule(), labels, circuit.getProvenance().getScan());
        List<CircuitNode> nodes = circuit.getNodes().stream()
                .filter(node -> node.getKind() == NodeKind.FEATURE && matches.test(node))
                .sorted(Comparator.comparingDouble(CircuitNode::getInfluence).reversed())
                .toList();
        double influence = nodes.stream().mapToDouble(CircuitNode::getInfluence).sum();
        if (nodes.isEmpty() || !(influence >= named.rule().influence())) {
            return;
        }
        findings.add(CandidateFinding.of(
                named.reference(),
                Subject.of(circuit.getPromptId(), circuit.getRequest().getTenant(), circuit.getProvenance()),
                origin.occurrence(),
                message(named.rule(), nodes, influence),
                evidence(named.rule(), labels, origin, circuit, nodes, influence),
                origin.time()));
    }

    private static Predicate<CircuitNode> matching(Rule.Watched rule, Labels labels, String scan) {
        if (rule instanceof Rule.WatchedFeature watched) {
            return node -> node.getLayer() == watched.feature().layer()
                    && node.getFeature() == watched.feature().feature();
        }
        if (rule instanceof Rule.WatchedLabel watched) {
            return node -> {
                String label = labels.of(scan, node.getLayer(), node.getFeature());
                return !label.isEmpty() && watched.label().matcher(label).find();
            };
        }
        Set<Rule.Coordinates> members = new HashSet<>(((Rule.WatchedSupernode) rule).features());
        return node -> members.contains(new Rule.Coordinates(node.getLayer(), node.getFeature()));
    }

    private static String message(Rule.Watched rule, List<CircuitNode> nodes, double influence) {
        String features = nodes.stream()
                .map(node -> node.getLayer() + "/" + node.getFeature())
                .distinct()
                .limit(5)
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "%s %s: influence %.4f in %d nodes of the circuit, the rule's threshold is %s",
                subject(rule),
                features,
                influence,
                nodes.size(),
                rule.influence());
    }

    private static String subject(Rule.Watched rule) {
        if (rule instanceof Rule.WatchedFeature) {
            return "watched feature";
        }
        return rule instanceof Rule.WatchedLabel watched
                ? "features whose label matches '" + watched.label().pattern() + "',"
                : "watched supernode, of it";
    }

    private static List<Evidence> evidence(
            Rule.Watched rule,
            Labels labels,
            Origin origin,
            Circuit circuit,
            List<CircuitNode> nodes,
            double influence) {
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(origin.evidence("influence", influence)
                .setThreshold(rule.influence())
                .build());
        for (CircuitNode node : nodes) {
            evidence.add(origin.evidence("nodeInfluence", node.getInfluence())
                    .setNode(node.getId())
                    .setLayer(node.getLayer())
                    .setFeature(node.getFeature())
                    .setPosition(node.getPosition())
                    .setText(labels.of(circuit.getProvenance().getScan(), node.getLayer(), node.getFeature()))
                    .build());
        }
        return evidence;
    }
}
