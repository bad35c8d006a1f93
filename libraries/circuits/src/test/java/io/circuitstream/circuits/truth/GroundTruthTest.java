package io.circuitstream.circuits.truth;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Circuits that are known, and what graphs make of them. */
class GroundTruthTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void probe(Mechanism mechanism) throws IOException {
        for (Kind kind : Kind.values()) {
            try (Built built = Built.of(mechanism, kind, folder.resolve(kind.name()))) {
                int wrong = 0;
                double worst = 0;
                double node = 0;
                double edge = 0;
                double minN = 1;
                double minE = 1;
                List<Task> tasks = mechanism.tasks();
                for (Task task : tasks) {
                    try (LocalReplacementModel local = built.local(task)) {
                        String said = built.answer(
                                local, new double[local.model().config().vocabulary()]);
                        wrong += said.equals(task.answer()) ? 0 : 1;
                        NamedGraph graph = built.graph(task, local);
                        worst = Math.max(worst, graph.graph().conservationError());
                        double n = Scores.auroc(graph.nodeScores(), task.truth().nodes(kind));
                        double e = Scores.auroc(graph.edgeScores(), task.truth().edges(kind));
                        node += n / tasks.size();
                        edge += e / tasks.size();
                        minN = Math.min(n, minN);
                        minE = Math.min(e, minE);
                        if (task.prompt().equals(tasks.get(0).prompt())) {
                            System.out.println(task.truth().nodes(kind) + " " + graph.strongestPath() + " F "
                                    + graph.graph().nodes().featureCount() + " " + graph.activeAtTheEnd());
                            graph.nodeScores().entrySet().stream()
                                    .sorted((x, y) -> Double.compare(y.getValue(), x.getValue()))
                                    .limit(10)
                                    .forEach(x -> System.out.println("   " + x));
                        }
                    }
                }
                System.out.printf(
                        "%s %s wrong %d/%d cons %.2g node %.4f min %.4f edge %.4f min %.4f%n",
                        mechanism, kind, wrong, tasks.size(), worst, node, minN, edge, minE);
            }
        }
        assertThat(folder).exists();
    }
}
