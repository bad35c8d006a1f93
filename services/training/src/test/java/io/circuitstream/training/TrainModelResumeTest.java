package io.circuitstream.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.testkit.ChildJvm;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code train model} as its users meet it: killed, resumed, refused. */
class TrainModelResumeTest {
    private static final int SIGKILL_EXIT = 137;
    private static final int PATIENCE_SECONDS = 240;

    @TempDir
    static Path folder;

    private static Result uninterrupted = new Result(-1, "", "");

    private record Result(int exit, String out, String err) {}

    @BeforeAll
    static void trainOnce() {
        uninterrupted = run(options("whole", "--json"));
    }

    @Test
    void shouldWriteTheSameBytesWhenKilledAndResumed() throws Exception {
        // Given: a run that is killed as soon as it has a checkpoint
        Path checkpoint = folder.resolve("killed").resolve("training.checkpoint");
        try (ChildJvm child = start(options("killed", "--checkpoint-every", "10"))) {
            await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> Files.exists(checkpoint) || !child.isAlive());
            child.kill9();
            assertThat(child.awaitExit(PATIENCE_SECONDS)).as(child.output()).isEqualTo(SIGKILL_EXIT);
        }
        assertThat(checkpoint).exists();
        assertThat(folder.resolve("killed").resolve("model.safetensors")).doesNotExist();

        // When
        try (ChildJvm child = start(options("killed", "--resume"))) {
            assertThat(child.awaitExit(PATIENCE_SECONDS)).as(child.output()).isZero();
            assertThat(child.output()).contains("continuing " + checkpoint);
        }

        // Then
        assertThat(folder.resolve("killed").resolve("model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("whole").resolve("model.safetensors"));
        assertThat(names("killed"))
                .isEqualTo(names("whole"))
                .containsExactly(
                        "config.json",
                        "generation_config.json",
                        "model.safetensors",
                        "tokenizer.json",
                        "tokenizer_config.json");
    }

    @Test
    void shouldPrintOneDocumentWhenJsonIsAsked() throws IOException {
        JsonNode json = new ObjectMapper().readTree(uninterrupted.out);

        assertThat(uninterrupted.exit).isZero();
        assertThat(uninterrupted.out).startsWith("{").endsWith("}" + System.lineSeparator());
        assertThat(json.path("split").asText()).isEqualTo("development");
        assertThat(json.path("tasks")).hasSize(11).allSatisfy(task -> {
            assertThat(task.path("prompts").asInt()).isPositive();
            assertThat(task.path("accuracy").asDouble())
                    .isEqualTo(
                            task.path("exact").asDouble() / task.path("prompts").asInt());
        });
        assertThat(json.path("accuracy").asDouble()).isBetween(0.0, 1.0);
        assertThat(json.path("seconds").asDouble()).isPositive();
        assertThat(json.path("tokensPerSecond").asDouble()).isPositive();
        assertThat(json.path("lossCurve"))
                .extracting(point -> point.path("step").asInt())
                .containsExactly(50, 60);
        assertThat(json.path("lossCurve").get(0).path("loss").asDouble()).isBetween(4.0, 7.0);
        assertThat(uninterrupted.err).contains("train-model 50/60  loss ");
    }

    @Test
    void shouldRefuseAndSayWhatToDoWhenACheckpointIsInTheWay() throws IOException {
        Path checkpoint = unfinished("refused");

        Result again = run(options("refused"));
        Result other = run(withSeed(options("refused", "--resume"), "6"));

        assertThat(again.exit).isEqualTo(2);
        assertThat(again.err).contains(checkpoint + " holds step 60 of 60", "--resume", "delete the file");
        assertThat(other.exit).isEqualTo(2);
        assertThat(other.err).contains(checkpoint + " is the checkpoint of another run: seed 5 → 6;");
        assertThat(checkpoint).exists();
    }

    @Test
    void shouldNameTheFileWhenTheCheckpointIsTruncated() throws IOException {
        Path checkpoint = unfinished("truncated");
        try (FileChannel channel = FileChannel.open(checkpoint, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }

        try (ChildJvm child = start(options("truncated", "--resume"))) {
            assertThat(child.awaitExit(PATIENCE_SECONDS)).as(child.output()).isEqualTo(1);
            assertThat(child.output())
                    .contains("training failed: " + checkpoint + ": this checkpoint is damaged")
                    .doesNotContain("\tat ");
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    @Test
    void shouldStartAtTheBeginningAndSaySoWhenThereIsNothingToResume() {
        Result result = run(withSteps(options("fresh", "--resume"), "2"));

        assertThat(result.exit).isZero();
        assertThat(result.err).contains("nothing to continue", "starting at the beginning");
    }

    @Test
    void shouldFailInASentenceWhenTheFolderCannotBeMade() throws IOException {
        Files.writeString(folder.resolve("file"), "");

        Result result = run(options("file/below"));

        assertThat(result.exit).isEqualTo(1);
        assertThat(result.err).startsWith("training failed: ").contains("file").doesNotContain("\tat ");
    }

    @Test
    void shouldReportWrongUsageWhenThereIsNoStepBetweenCheckpoints() {
        assertThat(run(options("never", "--checkpoint-every", "0")).exit).isEqualTo(2);
    }

    /** A run that ended after its last checkpoint and before its weights were written. */
    private static Path unfinished(String name) throws IOException {
        Path out = Files.createDirectories(folder.resolve(name));
        Path obstacle = Files.createDirectories(out.resolve("model.safetensors").resolve("full"));
        Result result = run(options(name));
        assertThat(result.exit).isEqualTo(1);
        assertThat(result.err).contains("model.safetensors cannot be written", "--resume");
        Files.delete(obstacle);
        Files.delete(obstacle.getParent());
        return out.resolve("training.checkpoint");
    }

    private static List<String> options(String name, String... more) {
        List<String> options = new ArrayList<>(List.of(
                "model", "--out", folder.resolve(name).toString(), "--steps", "60", "--layers", "1", "--seed", "5"));
        options.addAll(List.of(more));
        return options;
    }

    private static List<String> withSeed(List<String> options, String seed) {
        options.set(options.indexOf("--seed") + 1, seed);
        return options;
    }

    private static List<String> withSteps(List<String> options, String steps) {
        options.set(options.indexOf("--steps") + 1, steps);
        return options;
    }

    private static ChildJvm start(List<String> options) {
        return ChildJvm.start(
                new ChildJvm.Command("training", Main.class.getName(), List.of("-Xmx1g"), options, Map.of(), folder));
    }

    private static Result run(List<String> options) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = new CommandLine(new TrainCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(options.toArray(String[]::new));
        return new Result(exit, out.toString(), err.toString());
    }

    private static List<String> names(String name) throws IOException {
        try (var files = Files.list(folder.resolve(name))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
