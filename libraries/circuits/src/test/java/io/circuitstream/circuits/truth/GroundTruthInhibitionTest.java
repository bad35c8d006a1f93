package io.circuitstream.circuits.truth;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.circuits.graph.Readout;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The edge by which knowing an entity keeps the model from refusing. */
class GroundTruthInhibitionTest {
    private static final String REFUSAL = "can't answer@6";
    private static final String KNOWN = "known@4";

    @TempDir
    Path folder;

    private Built built(double inhibition) throws IOException {
        return Built.of(
                Refusal.wiring(inhibition).distracted(1, Mechanism.LEAK), Kind.PER_LAYER, folder, feature -> true);
    }

    @Test
    void shouldHaveANegativeEdgeWhenTheEntityIsKnown() throws IOException {
        try (Built built = built(Refusal.PARTLY)) {
            for (Task task : Refusal.tasks()) {
                NamedGraph graph = built.graph(task);
                if (task.answer().equals("sorry")) {
                    assertThat(graph.node(KNOWN)).isNegative();
                } else {
                    assertThat(graph.graph().rows().get(graph.node(REFUSAL), graph.node(KNOWN)))
                            .isLessThan(-.5f);
                }
            }
        }
    }

    /** What inhibition silences is no node; only a graph of the silent feature itself shows why it is silent. */
    @Test
    void shouldShowTheInhibitionOfASilentFeatureOnlyWhenItIsTheTarget() throws IOException {
        try (Built built = built(2)) {
            Task task = Refusal.tasks().get(0);
            try (LocalReplacementModel local = built.local(task)) {
                NamedGraph answer = built.graph(task, local);
                assertThat(answer.node(REFUSAL)).isNegative();
                assertThat(answer.influence(answer.node(KNOWN))).isLessThan(.02);

                Readout silent = built.readout(1, "can't answer", 6);
                NamedGraph inhibition = built.graph(local, List.of(silent));
                int target = inhibition.graph().nodes().firstLogit();
                assertThat(inhibition.graph().rows().get(target, inhibition.node(KNOWN)))
                        .isLessThan(-1.5f);
                assertThat(inhibition.influence(inhibition.node(KNOWN))).isGreaterThan(.5);
            }
        }
    }
}
