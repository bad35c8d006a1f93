package io.circuitstream.training.sweep;

import io.circuitstream.training.transcoder.TranscoderKind;
import io.circuitstream.training.transcoder.TranscoderPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * Which transcoders are compared: cross-layer, per-layer and incremental ones with as many features, per-layer ones with as
 * many parameters as the cross-layer ones, and neurons.
 *
 * @param steps updates of each training
 * @param features of a layer
 * @param targets L0 over all layers
 * @param neuronTargets the same for neurons
 */
public record SweepPlan(
        int steps, int features, int tokens, int batch, long seed, List<Double> targets, List<Double> neuronTargets) {

    public SweepPlan {
        targets = List.copyOf(targets);
        neuronTargets = List.copyOf(neuronTargets);
        if (features < 1) {
            throw new IllegalArgumentException("features must be positive, not " + features);
        }
    }

    /**
     * One training.
     *
     * @param name unique in the sweep, and its folder's
     */
    record Training(String name, double targetL0, TranscoderPlan plan) {}

    List<Training> trainings(int layers, int width) {
        List<Training> trainings = new ArrayList<>();
        for (TranscoderKind kind : TranscoderKind.values()) {
            addCurve(trainings, kind, features);
        }
        int equal = equalParameters(layers, width);
        if (equal != features) {
            addCurve(trainings, TranscoderKind.PLT, equal);
        }
        return trainings;
    }

    private void addCurve(List<Training> trainings, TranscoderKind kind, int count) {
        for (double target : targets) {
            String name = kind.id() + "-" + count + "-l0-" + Math.round(target);
            trainings.add(new Training(name, target, plan(kind, count).withTargetL0(target)));
        }
    }

    private TranscoderPlan plan(TranscoderKind kind, int count) {
        return TranscoderPlan.standard(kind, steps, count, seed).withTokens(tokens, batch);
    }

    /** Features of a per-layer transcoder with about as many parameters as the cross-layer one. */
    private int equalParameters(int layers, int width) {
        double wanted = plan(TranscoderKind.CLT, features).parameters(layers, width);
        double each = plan(TranscoderKind.PLT, 1).parameters(layers, width) - (double) layers * width;
        return (int) Math.round((wanted - (double) layers * width) / each);
    }
}
