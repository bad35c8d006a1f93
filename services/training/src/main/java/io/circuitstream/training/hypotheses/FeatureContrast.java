package io.circuitstream.training.hypotheses;

import io.circuitstream.circuits.intervention.Intervention;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The features that most prompts of one kind have at a position and few of another. Both shares are those with which the
 * hypotheses were first explored.
 */
final class FeatureContrast {
    private static final double MOST = .6;
    private static final double FEW = .25;

    private final Map<Place, Kinds> seen = new HashMap<>();
    private int fromPrompts;
    private int toPrompts;

    /** @param offset position minus the prompt's length */
    private record Place(int offset, int layer, int feature) {}

    private static final class Kinds {
        int from;
        int to;
        double toActivation;
    }

    /** A prompt of the kind whose features are taken out. */
    void from(LocalReplacementModel prompt, Hypothesis hypothesis) {
        fromPrompts++;
        add(prompt, hypothesis, (kinds, activation) -> kinds.from++);
    }

    /** A prompt of the kind whose features are put in. */
    void to(LocalReplacementModel prompt, Hypothesis hypothesis) {
        toPrompts++;
        add(prompt, hypothesis, (kinds, activation) -> {
            kinds.to++;
            kinds.toActivation += activation;
        });
    }

    private interface Count {
        void of(Kinds kinds, double activation);
    }

    private void add(LocalReplacementModel prompt, Hypothesis hypothesis, Count count) {
        ActiveFeatures active = prompt.features();
        for (int i = 0; i < active.count(); i++) {
            int offset = active.position()[i] - prompt.positions();
            int layer = active.layer()[i];
            if (hypothesis.positions().contains(offset)
                    && layer >= hypothesis.layers().get(0)
                    && layer <= hypothesis.layers().get(1)) {
                Place place = new Place(offset, layer, active.index()[i]);
                count.of(seen.computeIfAbsent(place, p -> new Kinds()), active.activation()[i]);
            }
        }
    }

    /** The replacement, on a prompt: what is taken out at 0, what is put in at its mean activation. */
    List<Intervention> on(LocalReplacementModel prompt) {
        List<Intervention> interventions = new ArrayList<>();
        seen.forEach((place, kinds) -> {
            int position = prompt.positions() + place.offset();
            double from = (double) kinds.from / fromPrompts;
            double to = (double) kinds.to / toPrompts;
            if (position < prompt.masked()) {
                return;
            }
            if (from >= MOST && to <= FEW) {
                interventions.add(Intervention.at(place.layer(), place.feature(), position, new Intervention.Set(0)));
            } else if (to >= MOST && from <= FEW) {
                float mean = (float) (kinds.toActivation / kinds.to);
                interventions.add(
                        Intervention.at(place.layer(), place.feature(), position, new Intervention.Set(mean)));
            }
        });
        return interventions;
    }
}
