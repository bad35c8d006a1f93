package io.circuitstream.circuits.validation;

import java.util.List;

/** What a circuit predicts, what was measured, and what follows. */
public final class Claims {
    private Claims() {}

    /**
     * A prediction: ablating an active feature changes what the target reads.
     *
     * @param feature index among the prompt's active features
     * @param predicted minus the feature's signed total effect
     * @param directPredicted minus the direct edge; 0 without one
     */
    public record Prediction(int feature, double predicted, double directPredicted) {}

    /** What the interventions gave for one prediction, all changes of what the target reads. */
    public record Measurement(
            Prediction prediction, double direct, double ownLayer, double allLayers, List<Double> controls) {

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
            return measured * prediction.predicted() > 0
                    && Math.abs(measured) > control
                    && Math.abs(measured) >= Math.abs(prediction.predicted()) / 4;
        }

        private boolean refutes(double measured, double control) {
            return measured * prediction.predicted() < 0 && Math.abs(measured) > control;
        }
    }

    public enum Verdict {
        CONFIRMED,
        REFUTED,
        INCONCLUSIVE
    }

    /** How far a circuit's claims held, taken together. */
    public enum Trust {
        UNTESTED,
        SUPPORTED,
        MIXED,
        UNSUPPORTED
    }

    /**
     * SUPPORTED: at least half of the claims confirmed and none refuted. UNSUPPORTED: more refuted than confirmed.
     * UNTESTED: no claims.
     */
    public static Trust trust(List<Measurement> measurements) {
        if (measurements.isEmpty()) {
            return Trust.UNTESTED;
        }
        long confirmed = count(measurements, Verdict.CONFIRMED);
        long refuted = count(measurements, Verdict.REFUTED);
        if (refuted > confirmed) {
            return Trust.UNSUPPORTED;
        }
        return refuted == 0 && 2 * confirmed >= measurements.size() ? Trust.SUPPORTED : Trust.MIXED;
    }

    public static long count(List<Measurement> measurements, Verdict verdict) {
        return measurements.stream().filter(m -> m.verdict() == verdict).count();
    }
}
