package io.circuitstream.validation;

import io.circuitstream.circuits.validation.Claims;
import io.circuitstream.circuits.validation.Claims.Measurement;
import io.circuitstream.circuits.validation.Claims.Verdict;
import io.circuitstream.circuits.validation.Correlation;
import io.circuitstream.events.Claim;
import io.circuitstream.events.ClaimVerdict;
import io.circuitstream.events.TrustVerdict;
import io.circuitstream.events.ValidationReport;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** From measurements to the event. */
final class ReportWriter {
    private ReportWriter() {}

    static ValidationReport.Builder write(
            List<CircuitClaim> claims, List<Measurement> measurements, ValidationReport.Builder event) {
        double[] predicted = measurements.stream()
                .mapToDouble(m -> m.prediction().predicted())
                .toArray();
        double[] measured =
                measurements.stream().mapToDouble(Measurement::ownLayer).toArray();
        OptionalDouble spearman = Correlation.spearman(predicted, measured);
        OptionalDouble signs = IntStream.range(0, predicted.length)
                .mapToDouble(i -> Math.signum(predicted[i]) == Math.signum(measured[i]) ? 1 : 0)
                .average();
        return event.setClaims(IntStream.range(0, claims.size())
                        .mapToObj(i -> claim(claims.get(i), measurements.get(i)))
                        .toList())
                .setConfirmed((int) Claims.count(measurements, Verdict.CONFIRMED))
                .setRefuted((int) Claims.count(measurements, Verdict.REFUTED))
                .setInconclusive((int) Claims.count(measurements, Verdict.INCONCLUSIVE))
                .setSpearman(spearman.isPresent() ? spearman.getAsDouble() : null)
                .setSignAgreement(signs.isPresent() ? signs.getAsDouble() : null)
                .setWorstDirectError(IntStream.range(0, claims.size())
                        .filter(i -> claims.get(i).direct())
                        .mapToDouble(i -> Math.abs(measurements.get(i).direct()
                                - measurements.get(i).prediction().directPredicted()))
                        .max()
                        .orElse(0))
                .setVerdict(trust(Claims.trust(measurements)));
    }

    private static Claim claim(CircuitClaim claim, Measurement m) {
        return Claim.newBuilder()
                .setSource(claim.source())
                .setTarget(claim.target())
                .setPredicted(m.prediction().predicted())
                .setDirect(m.direct())
                .setDirectPredicted(m.prediction().directPredicted())
                .setMeasuredOwnLayer(m.ownLayer())
                .setMeasuredAllLayers(m.allLayers())
                .setControls(m.controls())
                .setVerdict(
                        switch (m.verdict()) {
                            case CONFIRMED -> ClaimVerdict.CONFIRMED;
                            case REFUTED -> ClaimVerdict.REFUTED;
                            case INCONCLUSIVE -> ClaimVerdict.INCONCLUSIVE;
                        })
                .build();
    }

    private static TrustVerdict trust(Claims.Trust trust) {
        return switch (trust) {
            case UNTESTED -> TrustVerdict.UNTESTED;
            case SUPPORTED -> TrustVerdict.SUPPORTED;
            case MIXED -> TrustVerdict.MIXED;
            case UNSUPPORTED -> TrustVerdict.UNSUPPORTED;
        };
    }
}
