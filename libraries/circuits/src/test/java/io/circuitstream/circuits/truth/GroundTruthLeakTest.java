package io.circuitstream.circuits.truth;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the measures when what is not in the truth does carry signal. */
class GroundTruthLeakTest {
    private static final double[] LEAKS = {.05, .8, 3.2};
    private static final int PROMPTS = 3;

    @TempDir
    Path folder;

    private List<Outcome> outcomes(double leak) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (Mechanism mechanism : Mechanism.values()) {
            List<Task> tasks = mechanism.tasks();
            try (Built built = Built.of(
                    mechanism.wiring(leak), Kind.PER_LAYER, folder.resolve(mechanism.name() + leak), feature -> true)) {
                for (int i = 0; i < PROMPTS; i++) {
                    outcomes.add(Outcome.of(built, Kind.PER_LAYER, tasks.get(i * tasks.size() / PROMPTS)));
                }
            }
        }
        return outcomes;
    }

    @Test
    void shouldRankWorseWhenDistractorsLeakMore() throws IOException {
        StringBuilder table = new StringBuilder("""
                | leak | answered | node AUROC | edge AUROC | strongest paths are the mechanism's |
                |---|---|---|---|---|
                """);
        List<Double> nodes = new ArrayList<>();
        for (double leak : LEAKS) {
            List<Outcome> outcomes = outcomes(leak);
            nodes.add(mean(outcomes, Outcome::nodes));
            table.append(Page.row(
                    Page.percent(leak),
                    Page.percent(mean(outcomes, o -> o.said().equals(o.task().answer()) ? 1 : 0)),
                    Page.number(mean(outcomes, Outcome::nodes)),
                    Page.number(mean(outcomes, Outcome::edges)),
                    Page.percent(mean(outcomes, o -> o.truePaths() ? 1 : 0))));
        }

        Page.check("leak", table.toString());
        assertThat(nodes.get(LEAKS.length - 1)).isLessThan(nodes.get(0)).isLessThan(.98);
    }

    private static double mean(List<Outcome> outcomes, ToDoubleFunction<Outcome> value) {
        return outcomes.stream().mapToDouble(value).average().orElseThrow();
    }
}
