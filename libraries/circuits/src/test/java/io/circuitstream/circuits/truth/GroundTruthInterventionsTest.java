package io.circuitstream.circuits.truth;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.intervention.Change;
import io.circuitstream.circuits.intervention.Interventions;
import io.circuitstream.circuits.intervention.Mode;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the graph and the mechanism say of a change, tried on the model itself. */
class GroundTruthInterventionsTest {
    @TempDir
    Path folder;

    /** About as many prompts as are tried of each mechanism, spread over all inputs. */
    private static final int PROMPTS = 12;

    /** What one prompt's check gets. */
    private interface Check {
        void of(Built built, Task task, LocalReplacementModel local, NamedGraph graph);
    }

    private void check(Mechanism mechanism, Check check) throws IOException {
        try (Built built = Built.of(mechanism, Kind.PER_LAYER, folder)) {
            List<Task> tasks = mechanism.tasks();
            for (int i = 0; i < tasks.size(); i += Math.max(1, tasks.size() / PROMPTS)) {
                Task task = tasks.get(i);
                try (LocalReplacementModel local = built.local(task)) {
                    check.of(built, task, local, built.graph(task, local));
                }
            }
        }
    }

    private static double[] ablated(LocalReplacementModel local, int feature) {
        return new Interventions(local)
                .run(Change.feature(local, feature, 0, Change.Layers.OWN), Mode.MODEL)
                .demeanedLogits();
    }

    private static double readout(Built built, Task task, double[] moved) {
        double answer = moved[built.wiring().id(task.answer())];
        return task.against().isEmpty() ? answer : answer - moved[built.wiring().id(task.against())];
    }

    @ParameterizedTest
    @EnumSource(names = "INDUCTION", mode = EnumSource.Mode.EXCLUDE)
    void shouldSayWhatTheMechanismSaysWhenTheMiddleIsAblated(Mechanism mechanism) throws IOException {
        check(mechanism, (built, task, local, graph) -> {
            int middle = graph.node(task.middle());
            double[] moved = ablated(local, middle);
            double predicted =
                    -Influence.totalEffect(graph.graph(), graph.graph().nodes().firstLogit())[middle];

            assertThat(built.answer(local, moved)).as("%s", task.prompt()).isEqualTo(task.ablated());
            assertThat(predicted).isNegative();
            assertThat(readout(built, task, moved)).isNegative();
        });
    }

    /** Of what is not in the circuit, the nodes with the most influence: ablating them must not matter. */
    @ParameterizedTest
    @EnumSource
    void shouldSayTheSameWhenWhatIsNotInTheCircuitIsAblated(Mechanism mechanism) throws IOException {
        check(mechanism, (built, task, local, graph) -> {
            Set<String> circuit = task.truth().nodes(Kind.PER_LAYER);
            List<Integer> others = IntStream.range(0, local.features().count())
                    .filter(i -> !circuit.contains(graph.name(i)))
                    .boxed()
                    .sorted((a, b) -> Double.compare(graph.influence(b), graph.influence(a)))
                    .limit(2)
                    .toList();
            assertThat(others).hasSize(2);
            for (int feature : others) {
                assertThat(built.answer(local, ablated(local, feature)))
                        .as("%s without %s", task.prompt(), graph.name(feature))
                        .isEqualTo(task.answer());
            }
        });
    }

    /** Attention alone has no feature to ablate: its one true node is a token. */
    @Test
    void shouldSayNothingWhenTheTokenThatIsCopiedIsTakenAway() throws IOException {
        check(Mechanism.INDUCTION, (built, task, local, graph) -> {
            String token = task.truth().nodes(Kind.PER_LAYER).iterator().next();
            int position = Integer.parseInt(token.substring(1));
            int d = local.model().config().width();
            float[] embedding = local.model()
                    .embed(new int[] {local.pass().tokens()[position]})
                    .toFloatArray();
            float[] change = new float[local.positions() * d];
            for (int j = 0; j < d; j++) {
                change[position * d + j] = -embedding[j];
            }
            double[] moved = new Interventions(local)
                    .run(new Change(change, null), Mode.MODEL)
                    .demeanedLogits();

            assertThat(built.answer(local, moved)).isEqualTo(Wiring.UNKNOWN);
        });
    }
}
