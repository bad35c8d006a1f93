package io.circuitstream.audit.behaviour;

import io.circuitstream.audit.CandidateFinding;
import io.circuitstream.audit.DriftLimits;
import io.circuitstream.audit.DriftLimits.Measure;
import io.circuitstream.audit.Subject;
import io.circuitstream.events.BehaviourSummary;
import io.circuitstream.events.DriftMeasure;
import io.circuitstream.events.DriftMeasurement;
import io.circuitstream.events.Evidence;
import io.circuitstream.events.WindowDrift;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides which summaries are drifts. */
final class DriftFindings {
    private static final Map<Measure, Set<DriftMeasure>> MEASURES = Map.of(
            Measure.FEATURES, Set.of(DriftMeasure.FEATURES),
            Measure.EDGES, Set.of(DriftMeasure.EDGES),
            Measure.SCORES, Set.of(DriftMeasure.COMPLETENESS, DriftMeasure.REPLACEMENT, DriftMeasure.CONFIRMED_SHARE));

    private DriftFindings() {}

    /**
     * One for each rule that holds. Scores are several histograms, of which one is enough: so each is tested at the rule's level divided
     * by how many there are.
     */
    static List<CandidateFinding> of(BehaviourSummary summary, List<DriftLimits> rules) {
        WindowDrift drift = summary.getDrift();
        List<CandidateFinding> findings = new ArrayList<>();
        if (drift != null) {
            for (DriftLimits rule : rules) {
                List<DriftMeasurement> tested = drift.getMeasurements().stream()
                        .filter(m -> MEASURES.get(rule.measure()).contains(m.getMeasure()))
                        .toList();
                List<DriftMeasurement> drifted = tested.stream()
                        .filter(m ->
                                m.getDivergence() >= rule.divergence() && m.getPValue() <= rule.level() / tested.size())
                        .sorted(Comparator.comparingDouble((DriftMeasurement m) -> -m.getDivergence())
                                .thenComparing(DriftMeasurement::getMeasure))
                        .toList();
                if (!drifted.isEmpty()) {
                    findings.add(finding(summary, drift, rule, drifted, rule.level() / tested.size()));
                }
            }
        }
        return findings;
    }

    private static CandidateFinding finding(
            BehaviourSummary summary,
            WindowDrift drift,
            DriftLimits rule,
            List<DriftMeasurement> drifted,
            double level) {
        List<Evidence> evidence = new ArrayList<>();
        for (DriftMeasurement m : drifted) {
            String measure = m.getMeasure().name().toLowerCase(Locale.ROOT);
            evidence.add(evidence("divergence", m.getDivergence(), rule.divergence(), measure));
            evidence.add(evidence("pValue", m.getPValue(), level, measure));
            evidence.add(evidence("nullQuantile95", m.getNullQuantile95(), null, measure));
            evidence.add(evidence("circuits", m.getCircuits(), null, measure));
            evidence.add(evidence("previousCircuits", m.getPreviousCircuits(), null, measure));
        }
        DriftMeasurement first = drifted.get(0);
        String message = String.format(
                Locale.ROOT,
                "From the window of %s to that of %s the %s of scan %s changed: divergence %.4f bits (threshold %.4f; 95 %% of"
                        + " random exchanges of circuits stay at or below %.4f), p = %.4f, %d and %d circuits compared.",
                drift.getPreviousStart(),
                summary.getWindowStart(),
                first.getMeasure().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                summary.getScan(),
                first.getDivergence(),
                rule.divergence(),
                first.getNullQuantile95(),
                first.getPValue(),
                first.getPreviousCircuits(),
                first.getCircuits());
        return CandidateFinding.of(
                rule.rule(),
                Subject.scan(summary.getScan()),
                rule.measure() + "/" + summary.getWindowStart().toEpochMilli(),
                message,
                evidence,
                summary.getWindowEnd());
    }

    private static Evidence evidence(String measure, double value, @Nullable Double threshold, String text) {
        return Evidence.newBuilder()
                .setTopic("")
                .setPartition(-1)
                .setOffset(-1)
                .setMeasure(measure)
                .setValue(value)
                .setThreshold(threshold)
                .setText(text)
                .build();
    }
}
