package io.circuitstream.description;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.description.labels.Labeller;
import io.circuitstream.description.shares.Shares;
import io.circuitstream.description.state.FeatureStates;
import io.circuitstream.description.state.MemoryState;
import io.circuitstream.events.AutomaticLabel;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.events.InferenceCompleted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How good automatic labels are on the shipped model: {@code -Dtest=LabelFigures -Dtest.excluded=}; about two minutes. */
@Tag("benchmark")
class LabelFigures {

    @Test
    void shouldLabelMostLiveFeaturesOfTheShippedModel() {
        try (TraceableModel model = DemoInferences.model()) {
            List<String> texts = DemoInferences.texts(400);
            MemoryState state = new MemoryState(model.transcoder().scan());
            Shares all = new Shares(1);
            for (String text : texts) {
                InferenceCompleted inference =
                        DemoInferences.of(model, List.of(text)).get(0);
                state.add(all.split(inference));
            }
            List<FeatureDescription> live = describe(model, state.states());
            report(texts.size(), state.states(), live);
            long good = live.stream().filter(f -> score(f) >= .7).count();
            assertThat((double) good / live.size()).isGreaterThanOrEqualTo(.6);
        }
    }

    private static List<FeatureDescription> describe(TraceableModel model, FeatureStates states) {
        Describer describer = new Describer(model);
        Labeller labeller = describer.labeller();
        labeller.use(states.background());
        List<FeatureDescription> live = new ArrayList<>();
        long start = System.nanoTime();
        states.visit(null, (key, counts) -> {
            live.add(describer.describe(
                    new Describer.Knowledge(
                            key.layer(), key.feature(), counts, states.contexts(key.layer(), key.feature()), null),
                    states.background(),
                    labeller));
            return true;
        });
        System.out.printf(
                "described %d features, %.2f ms each%n", live.size(), (System.nanoTime() - start) / 1e6 / live.size());
        return live;
    }

    private static double score(FeatureDescription feature) {
        Double score = feature.getAutomatic().getScore();
        return score == null ? 0 : score;
    }

    private static void report(int texts, FeatureStates states, List<FeatureDescription> live) {
        System.out.printf(
                "%d texts, %d tokens, %d live features%n",
                texts, states.background().tokens(), live.size());
        Map<String, Integer> byEvidence = new TreeMap<>();
        Map<String, Integer> histogram = new TreeMap<>();
        Map<Integer, int[]> byLayer = new TreeMap<>();
        for (FeatureDescription feature : live) {
            AutomaticLabel label = feature.getAutomatic();
            byEvidence.merge(label.getEvidence().name(), 1, Integer::sum);
            histogram.merge(
                    label.getScore() == null ? "none" : "%.1f".formatted(Math.floor(label.getScore() * 10) / 10),
                    1,
                    Integer::sum);
            int[] layer = byLayer.computeIfAbsent(feature.getLayer(), l -> new int[2]);
            layer[0]++;
            layer[1] += score(feature) >= .7 ? 1 : 0;
        }
        System.out.println("evidence " + byEvidence);
        System.out.println("held-out score, lower end of bin: " + histogram);
        byLayer.forEach((layer, n) -> System.out.printf("layer %d: %d of %d at .7 or more%n", layer, n[1], n[0]));
        for (int i = 0; i < live.size(); i += live.size() / 40) {
            AutomaticLabel label = live.get(i).getAutomatic();
            System.out.printf(
                    "%d/%d %s score %.2f recall %.2f fpr %.3f (%d tokens): %s%n",
                    live.get(i).getLayer(),
                    live.get(i).getFeature(),
                    label.getEvidence(),
                    score(live.get(i)),
                    label.getRecall(),
                    label.getFalsePositiveRate(),
                    live.get(i).getActiveTokens(),
                    label.getText());
        }
    }
}
