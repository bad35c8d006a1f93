package io.circuitstream.circuits.validation;

import io.circuitstream.circuits.graph.Readout;
import io.circuitstream.circuits.intervention.Change;
import io.circuitstream.circuits.intervention.Change.Layers;
import io.circuitstream.circuits.intervention.Interventions;
import io.circuitstream.circuits.intervention.Mode;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.validation.Claims.Measurement;
import io.circuitstream.circuits.validation.Claims.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Tests predictions by ablating features in the model, with random directions of the same norm beside each. */
public final class Validator {
    private Validator() {}

    /**
     * One measurement for every prediction, in order.
     *
     * @param target whose change was predicted
     * @param controls random directions per prediction
     * @param seed of the random directions; the same seed gives the same report
     */
    public static List<Measurement> test(
            LocalReplacementModel local,
            List<Prediction> predictions,
            Readout target,
            int controls,
            long seed,
            ClaimProgress progress) {
        Interventions interventions = new Interventions(local);
        Random random = new Random(seed);
        List<Measurement> measurements = new ArrayList<>();
        for (Prediction p : predictions) {
            Change own = Change.feature(local, p.feature(), 0, Layers.OWN);
            Change all = Change.feature(local, p.feature(), 0, Layers.ALL_WRITTEN);
            List<Double> control = new ArrayList<>();
            for (int c = 0; c < controls; c++) {
                Change drawn = Change.random(local, p.feature(), Layers.ALL_WRITTEN, random);
                control.add(interventions.effect(drawn, Mode.MODEL, target));
            }
            measurements.add(new Measurement(
                    p,
                    interventions.effect(all, Mode.DIRECT, target),
                    interventions.effect(own, Mode.MODEL, target),
                    interventions.effect(all, Mode.MODEL, target),
                    control));
            progress.claims(measurements.size(), predictions.size());
        }
        return measurements;
    }
}
