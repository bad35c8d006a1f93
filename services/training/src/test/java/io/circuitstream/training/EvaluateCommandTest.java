package io.circuitstream.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EvaluateCommandTest {
    @TempDir
    Path folder;

    private record Result(int exit, String out, String err) {}

    @Test
    void shouldMeasureEveryKindAtEverySparsityAndTrainNothingTwice() throws IOException {
        // Given
        String model = SmallModel.write(folder.resolve("small")).toString();
        List<String> options = new ArrayList<>(List.of(
                "--model",
                model,
                "--out",
                folder.resolve("report").toString(),
                "--work",
                folder.resolve("work").toString(),
                "--l0",
                "4,8",
                "--neuron-l0",
                "10,20,40",
                "--features",
                "16",
                "--steps",
                "20",
                "--batch",
                "256",
                "--tokens",
                "1024",
                "--prompts",
                "2",
                "--graphs",
                "1",
                "--json"));

        // When
        Result first = run(options.toArray(String[]::new));

        // Then: width 32 and two layers give a cross-layer transcoder 1.25 times the weights of a per-layer one
        assertThat(first.exit).as(first.err).isZero();
        JsonNode json = new ObjectMapper().readTree(first.out);
        Map<String, List<Double>> l0 = new TreeMap<>();
        for (JsonNode point : json.path("points")) {
            String curve =
                    point.path("kind").asText() + " " + point.path("features").asInt();
            l0.computeIfAbsent(curve, key -> new ArrayList<>())
                    .add(point.path("l0").asDouble());
            assertThat(point.path("replacementScore").isNumber())
                    .as(point.path("name").asText())
                    .isTrue();
        }
        assertThat(l0).containsOnlyKeys("clt 32", "plt 32", "plt 40", "incremental 32", "neurons 96");
        assertThat(l0.get("neurons 96"))
                .as("thresholds from training texts, measured on test prompts")
                .satisfiesExactly(
                        measured -> assertThat(measured).isBetween(7.0, 13.0),
                        measured -> assertThat(measured).isBetween(15.0, 25.0),
                        measured -> assertThat(measured).isBetween(30.0, 50.0));
        assertThat(json.path("model").path("parameters").asLong()).isEqualTo(85_856);
        assertThat(json.path("model").path("tasks")).hasSize(11);
        assertThat(folder.resolve("report").resolve("README.md")).content().contains("incremental", "neurons");

        // When
        options.addAll(List.of("--transcoder", cltOf(folder.resolve("work"))));
        Result second = run(options.toArray(String[]::new));

        // Then
        assertThat(second.err).doesNotContain("collect-activations", "20/20");
        JsonNode again = new ObjectMapper().readTree(second.out);
        assertThat(again.path("points")).isEqualTo(json.path("points"));
        assertThat(again.path("shipped").path("l0").asDouble())
                .isEqualTo(again.path("points").get(0).path("l0").asDouble());
    }

    @Test
    void shouldRefuseWhenTheSplitWasTrainedOn() throws IOException {
        String model = SmallModel.write(folder.resolve("small")).toString();

        Result result = run("--model", model, "--split", "train");

        assertThat(result.exit).isEqualTo(2);
        assertThat(result.err).contains("--split is test or development, not train");
    }

    @Test
    void shouldRefuseWhenPagesAreAskedForWithoutTasks() {
        Result result = run("--model", "m", "--transcoder", "t", "--case-studies", "pages");

        assertThat(result.exit).isEqualTo(2);
        assertThat(result.err).contains("--case-studies goes with --tasks");
    }

    /** A trained one, under a name that the sweep does not use. */
    private String cltOf(Path work) throws IOException {
        try (var runs = Files.list(work)) {
            Path from = runs.findFirst().orElseThrow().resolve("clt-16-l0-4");
            Path to = Files.createDirectories(folder.resolve("mine"));
            try (var files = Files.list(from)) {
                for (Path file : files.toList()) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            }
            return to.toString();
        }
    }

    private static Result run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = new CommandLine(new EvaluateCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Result(exit, out.toString(), err.toString());
    }
}
