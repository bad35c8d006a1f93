package io.circuitstream.audit.detection;

import io.circuitstream.audit.CandidateFinding;
import io.circuitstream.audit.Subject;
import io.circuitstream.audit.rules.NamedRule;
import io.circuitstream.audit.rules.Rule;
import io.circuitstream.audit.rules.RuleSet;
import io.circuitstream.events.Claim;
import io.circuitstream.events.ClaimVerdict;
import io.circuitstream.events.Evidence;
import io.circuitstream.events.Status;
import io.circuitstream.events.ValidationReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Low trust against a validation report. A share of claims is known only when there are claims. */
final class TrustFindings {
    private TrustFindings() {}

    static List<CandidateFinding> of(RuleSet rules, Origin origin, ValidationReport report) {
        if (report.getStatus() != Status.OK) {
            return List.of();
        }
        List<CandidateFinding> findings = new ArrayList<>();
        for (NamedRule<Rule.LowTrust> named : rules.of(Rule.LowTrust.class)) {
            Reasons reasons = new Reasons(origin);
            collect(named.rule(), report, reasons);
            if (!reasons.texts.isEmpty()) {
                findings.add(CandidateFinding.of(
                        named.reference(),
                        Subject.of(report.getPromptId(), report.getRequest().getTenant(), report.getProvenance()),
                        origin.occurrence(),
                        "little reason to trust this circuit: " + String.join("; ", reasons.texts),
                        reasons.evidence(),
                        origin.time()));
            }
        }
        return findings;
    }

    private static void collect(Rule.LowTrust rule, ValidationReport report, Reasons reasons) {
        rule.completenessBelow().ifPresent(limit -> {
            if (report.getCompleteness() < limit) {
                reasons.add("completeness", report.getCompleteness(), limit, "below");
            }
        });
        if (rule.replacementDisagrees() && !report.getReplacementAgrees()) {
            reasons.disagreement();
        }
        int claims = report.getConfirmed() + report.getRefuted() + report.getInconclusive();
        rule.refutedShareAbove().ifPresent(limit -> {
            if (claims > 0 && (double) report.getRefuted() / claims > limit) {
                reasons.add("refutedShare", (double) report.getRefuted() / claims, limit, "above");
                reasons.refuted(report.getClaims());
            }
        });
        rule.confirmedShareBelow().ifPresent(limit -> {
            if (claims > 0 && (double) report.getConfirmed() / claims < limit) {
                reasons.add("confirmedShare", (double) report.getConfirmed() / claims, limit, "below");
            }
        });
    }

    private static final class Reasons {
        private final Origin origin;
        private final List<String> texts = new ArrayList<>();
        private final List<Evidence> crossed = new ArrayList<>();
        private final List<Evidence> claims = new ArrayList<>();

        Reasons(Origin origin) {
            this.origin = origin;
        }

        void add(String measure, double value, double threshold, String side) {
            texts.add(String.format(Locale.ROOT, "%s %.3f is %s %s", measure, value, side, threshold));
            crossed.add(origin.evidence(measure, value).setThreshold(threshold).build());
        }

        void disagreement() {
            texts.add("the replacement model gives another answer than the model");
            crossed.add(
                    origin.evidence("replacementAgrees", 0).setThreshold(1.0).build());
        }

        void refuted(List<Claim> all) {
            for (Claim claim : all) {
                if (claim.getVerdict() == ClaimVerdict.REFUTED) {
                    claims.add(claim("claimPredicted", claim.getPredicted(), claim));
                    claims.add(claim("claimMeasured", claim.getMeasuredOwnLayer(), claim));
                }
            }
        }

        private Evidence claim(String measure, double value, Claim claim) {
            return origin.evidence(measure, value)
                    .setNode(claim.getSource())
                    .setTarget(claim.getTarget())
                    .build();
        }

        List<Evidence> evidence() {
            List<Evidence> evidence = new ArrayList<>(crossed);
            evidence.addAll(claims);
            return evidence;
        }
    }
}
