package io.circuitstream.circuits.validation;

import java.util.List;

/** What follows from predictions and measurements. */
public final class Claims {
    /** Below, most of what the circuit's nodes read comes from what it does not explain. */
    private static final double LEAST_COMPLETENESS = .5;

    private Claims() {}

    /**
     * A prediction, that setting a feature to 0 changes what a target reads, and what interventions gave; all changes of what
     * the target reads.
     *
     * @param ownLayer with the change at the feature's own layer
     * @param allLayers with the change at every layer it writes to
     * @param controls of random directions
     */
    public record Measurement(double predicted, double ownLayer, double allLayers, List<Double> controls) {

        /**
         * CONFIRMED: right sign, larger than every control and at least a quarter of the prediction, for both
         * measurements. REFUTED: wrong sign and larger than every control, for both.
         */
        public Verdict verdict() {
            double control = controls.stream().mapToDouble(Math::abs).max().orElse(0);
            if (confirms(ownLayer, control) && confirms(allLayers, control)) {
                return Verdict.CONFIRMED;
            }
            return refutes(ownLayer, control) && refutes(allLayers, control) ? Verdict.REFUTED : Verdict.INCONCLUSIVE;
        }

        private boolean confirms(double measured, double control) {
            return measured * predicted > 0
                    && Math.abs(measured) > control
                    && Math.abs(measured) >= Math.abs(predicted) / 4;
        }

        private boolean refutes(double measured, double control) {
            return measured * predicted < 0 && Math.abs(measured) > control;
        }
    }

    public enum Verdict {
        CONFIRMED,
        REFUTED,
        INCONCLUSIVE
    }

    /** How far a circuit can be trusted. */
    public enum Trust {
        UNTESTED,
        SUPPORTED,
        MIXED,
        UNSUPPORTED
    }

    /**
     * What a circuit rests on beside its claims.
     *
     * @param completeness of the circuit, everything removed folded into its errors
     * @param replacementAgrees whether the replacement model's next token is the model's
     */
    public record Ground(double completeness, boolean replacementAgrees) {
        boolean firm() {
            return completeness >= LEAST_COMPLETENESS && replacementAgrees;
        }
    }

    /**
     * SUPPORTED: at least half of the claims confirmed and none refuted, on firm ground: a completeness of a half or more, and the
     * replacement model gives the model's answer. UNSUPPORTED: more refuted than confirmed. UNTESTED: no claims.
     */
    public static Trust trust(List<Measurement> measurements, Ground ground) {
        if (measurements.isEmpty()) {
            return Trust.UNTESTED;
        }
        long confirmed = count(measurements, Verdict.CONFIRMED);
        long refuted = count(measurements, Verdict.REFUTED);
        if (refuted > confirmed) {
            return Trust.UNSUPPORTED;
        }
        boolean supported = refuted == 0 && 2 * confirmed >= measurements.size();
        return supported && ground.firm() ? Trust.SUPPORTED : Trust.MIXED;
    }

    public static long count(List<Measurement> measurements, Verdict verdict) {
        return measurements.stream().filter(m -> m.verdict() == verdict).count();
    }
}
