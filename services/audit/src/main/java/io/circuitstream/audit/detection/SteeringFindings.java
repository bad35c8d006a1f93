package io.circuitstream.audit.detection;

import io.circuitstream.audit.CandidateFinding;
import io.circuitstream.audit.Subject;
import io.circuitstream.audit.rules.NamedRule;
import io.circuitstream.audit.rules.Rule;
import io.circuitstream.audit.rules.RuleSet;
import io.circuitstream.events.Evidence;
import io.circuitstream.events.GeneratedToken;
import io.circuitstream.events.HeldFeature;
import io.circuitstream.events.Status;
import io.circuitstream.events.SteeringCompleted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Answers that changed under steering: the most probable next token is another, or the model goes on otherwise. */
final class SteeringFindings {
    private SteeringFindings() {}

    static List<CandidateFinding> of(RuleSet rules, Origin origin, SteeringCompleted steering) {
        if (steering.getStatus() != Status.OK || !isChanged(steering)) {
            return List.of();
        }
        List<CandidateFinding> findings = new ArrayList<>();
        for (NamedRule<Rule.Steering> named : rules.of(Rule.Steering.class)) {
            if (steering.getDivergence() > named.rule().divergenceAbove()) {
                findings.add(CandidateFinding.of(
                        named.reference(),
                        Subject.of(
                                steering.getRequestId(),
                                steering.getRequest().getPrompt().getTenant(),
                                steering.getProvenance()),
                        origin.occurrence(),
                        message(named.rule(), steering),
                        evidence(named.rule(), origin, steering),
                        origin.time()));
            }
        }
        return findings;
    }

    private static boolean isChanged(SteeringCompleted steering) {
        if (steering.getCleanTop().isEmpty() || steering.getSteeredTop().isEmpty()) {
            return false;
        }
        return steering.getCleanTop().get(0).getId()
                        != steering.getSteeredTop().get(0).getId()
                || !ids(steering.getCleanContinuation()).equals(ids(steering.getSteeredContinuation()));
    }

    private static List<Integer> ids(List<GeneratedToken> tokens) {
        return tokens.stream().map(GeneratedToken::getTokenId).toList();
    }

    private static String message(Rule.Steering rule, SteeringCompleted steering) {
        return String.format(
                Locale.ROOT,
                "holding %d features changed the answer: %.4f nats between clean and steered, more than %s",
                steering.getRequest().getInterventions().size(),
                steering.getDivergence(),
                rule.divergenceAbove());
    }

    private static List<Evidence> evidence(Rule.Steering rule, Origin origin, SteeringCompleted steering) {
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(origin.evidence("divergence", steering.getDivergence())
                .setThreshold(rule.divergenceAbove())
                .build());
        evidence.add(origin.evidence(
                        "cleanProbability", steering.getCleanTop().get(0).getProbability())
                .setText(steering.getCleanTop().get(0).getToken())
                .build());
        evidence.add(origin.evidence(
                        "steeredProbability", steering.getSteeredTop().get(0).getProbability())
                .setText(steering.getSteeredTop().get(0).getToken())
                .build());
        for (HeldFeature held : steering.getRequest().getInterventions()) {
            Float factor = held.getFactor();
            Float activation = held.getActivation();
            evidence.add(origin.evidence(
                            factor != null ? "heldFactor" : "heldActivation",
                            factor != null ? factor : activation != null ? activation : 0)
                    .setLayer(held.getLayer())
                    .setFeature(held.getFeature())
                    .setPosition(held.getFrom())
                    .build());
        }
        return evidence;
    }
}
