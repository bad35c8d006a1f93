package io.circuitstream.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.testkit.ChildJvm;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code train transcoder} as its users meet it: their texts, their mistakes, a kill. */
class TrainTranscoderTest {
    private static final int SIGKILL_EXIT = 137;
    private static final int PATIENCE_SECONDS = 240;

    @TempDir
    static Path folder;

    private static String model = "";

    private record Result(int exit, String out, String err) {}

    @BeforeAll
    static void writeModel() throws IOException {
        model = SmallModel.write(folder.resolve("small")).toString();
    }

    @Test
    void shouldWriteTheSameBytesWhenKilledAndResumed() throws Exception {
        // Given: a run that is killed as soon as it has a checkpoint
        assertThat(run(options("whole")).exit).isZero();
        Path checkpoint = folder.resolve("killed").resolve("training.checkpoint");
        try (ChildJvm child = start(options("killed", "--checkpoint-every", "10"))) {
            await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> Files.exists(checkpoint) || !child.isAlive());
            child.kill9();
            assertThat(child.awaitExit(PATIENCE_SECONDS)).as(child.output()).isEqualTo(SIGKILL_EXIT);
        }
        assertThat(checkpoint).exists();
        assertThat(folder.resolve("killed").resolve("config.yaml")).doesNotExist();

        // When
        try (ChildJvm child = start(options("killed", "--resume"))) {
            assertThat(child.awaitExit(PATIENCE_SECONDS)).as(child.output()).isZero();
            assertThat(child.output()).contains("continuing " + checkpoint);
        }

        // Then: the name of the folder is in none of the files
        assertThat(bytes("killed")).isEqualTo(bytes("whole"));
    }

    @Test
    void shouldTrainOnTextsAndPrintOneDocumentWhenJsonIsAsked() throws IOException {
        Path texts = folder.resolve("texts");
        Files.createDirectories(texts);
        List<String> lines = new ArrayList<>();
        List<String> records = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            lines.add("the capital of texas is austin " + i / 100 + " " + i / 10 % 10 + " " + i % 10);
            records.add(
                    "{\"text\": \"the opposite of small is " + i / 10 % 10 + " " + i % 10 + "\", \"answer\": \"big\"}");
        }
        Files.write(texts.resolve("a.txt"), lines);
        Files.write(texts.resolve("b.jsonl"), records);

        Result result = run(
                "transcoder",
                "--model",
                model,
                "--out",
                folder.resolve("of-texts").toString(),
                "--corpus",
                texts.toString(),
                "--kind",
                "plt",
                "--activation",
                "top-k",
                "--skip",
                "--l0",
                "8",
                "--steps",
                "5",
                "--features",
                "16",
                "--batch",
                "256",
                "--tokens",
                "1024",
                "--json");

        assertThat(result.exit).as(result.err).isZero();
        JsonNode json = new ObjectMapper().readTree(result.out);
        assertThat(json.path("split").asText()).isEqualTo("development");
        assertThat(json.path("figures").path("l0").asDouble()).isEqualTo(8);
        assertThat(json.path("tokensPerSecond").asDouble()).isPositive();
        assertThat(json.path("lossCurve")).hasSize(5);
        assertThat(result.err).contains("400 documents");
        assertThat(folder.resolve("of-texts").resolve("config.yaml")).content().contains("topk", "k: 4");
        assertThat(folder.resolve("of-texts").resolve("training.checkpoint")).doesNotExist();
    }

    /** Biases, learned positions, attention beside the MLP, a norm after it: the trainer sees only what the engine gives it. */
    @ParameterizedTest
    @CsvSource({
        "gpt2,clt,ln2.hook_normalized",
        "gpt-neox,clt,mlp.hook_in",
        "qwen2,incremental,hook_resid_mid",
        "gemma2,plt,mlp.hook_in",
        "gemma3-multimodal,clt,mlp.hook_in"
    })
    void shouldTrainATranscoderThatFitsWhenTheModelIsOfAnyFamily(String family, String kind, String site)
            throws IOException {
        Path foreign =
                Path.of("..", "..", "libraries", "circuits", "src", "test", "resources", "architectures", family);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            texts.add("w" + (3 + i % 37) + " w" + (3 + i * 7 % 37) + " w" + (3 + i / 37) + " w9 w" + (3 + i * 11 % 37));
        }
        Path corpus = Files.write(folder.resolve("words.txt"), texts);
        Path out = folder.resolve(family);

        Result result = run(
                "transcoder",
                "--model",
                foreign.toString(),
                "--out",
                out.toString(),
                "--corpus",
                corpus.toString(),
                "--kind",
                kind,
                "--input-site",
                site,
                "--l0",
                "6",
                "--steps",
                "120",
                "--features",
                "24",
                "--batch",
                "256",
                "--tokens",
                "1024",
                "--json");

        assertThat(result.exit).as(result.err).isZero();
        JsonNode json = new ObjectMapper().readTree(result.out);
        JsonNode curve = json.path("lossCurve");
        assertThat(curve.get(curve.size() - 1).path("loss").asDouble())
                .isLessThan(curve.get(0).path("loss").asDouble());
        // Graphs of held-out texts were made with it: every row of theirs adds up.
        assertThat(json.path("figures").path("graphs").path("conservationError").asDouble())
                .isBetween(0.0, 1e-5);
        assertThat(json.path("figures").path("normalisedMse").asDouble()).isLessThan(1);
        assertThat(Files.readString(out.resolve("config.yaml"))).contains("feature_input_hook: " + site);
    }

    @Test
    void shouldSayWhatIsWrongWhenTheCorpusCannotBeUsed() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.txt"), "\n \n");
        Path foreign = Files.writeString(folder.resolve("foreign.txt"), "zzzz qqqq\n".repeat(50));
        Path few = Files.writeString(folder.resolve("few.txt"), "the capital of texas is austin\n".repeat(3));

        assertThat(run(options("none", "--corpus", folder.resolve("nowhere.txt").toString())).err)
                .contains("nowhere.txt: no such file or folder");
        Result nothing = run(options("none", "--corpus", empty.toString()));
        assertThat(nothing.exit).isEqualTo(1);
        assertThat(nothing.err).contains("empty.txt has no document").doesNotContain("\tat ");
        assertThat(run(options("none", "--corpus", foreign.toString())).err)
                .contains("every word of " + foreign + " is unknown to the tokenizer of small");
        assertThat(run(options("none", "--corpus", few.toString())).err).contains("tokens, a minibatch takes 256");
        assertThat(folder.resolve("none").resolve("config.yaml")).doesNotExist();
    }

    @Test
    void shouldRefuseWhenTheOptionsCannotWork() {
        assertThat(run(options("never", "--features", "0")).err).contains("features must be positive, not 0");
        assertThat(run(options("never", "--features", "-3")).exit).isEqualTo(2);
        assertThat(run(options("never", "--kind", "mlt")).err).contains("'mlt' is none of clt, plt, incremental");
        assertThat(run(options("never", "--l0", "0")).exit).isEqualTo(2);
        assertThat(run(options("never", "--tokens", "100")).err).contains("at least the batch of 256, not 100");
        assertThat(run(options("never", "--jacobian", "1", "--input-site", "hook_resid_mid")).err)
                .contains("Jacobian matching needs the input site mlp.hook_in");
        assertThat(folder.resolve("never").resolve("config.yaml")).doesNotExist();
    }

    @Test
    void shouldNameTheTensorWhenTheModelHasNoMlp() throws IOException {
        Path without = folder.resolve("without");
        Files.createDirectories(without);
        try (Stream<Path> files = Files.list(Path.of(model))) {
            for (Path file : files.toList()) {
                Files.copy(file, without.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        // The header names every tensor; a name of the same length keeps the offsets.
        Path weights = without.resolve("model.safetensors");
        String text = new String(Files.readAllBytes(weights), java.nio.charset.StandardCharsets.ISO_8859_1);
        Files.write(weights, text.replace(".mlp.", ".xyz.").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        List<String> options = new ArrayList<>(List.of(options("never")));
        options.set(options.indexOf(model), without.toString());

        try (ChildJvm child = start(options.toArray(String[]::new))) {
            assertThat(child.awaitExit(PATIENCE_SECONDS)).as(child.output()).isEqualTo(1);
            assertThat(child.output())
                    .contains("no weights file has the tensor model.layers.0.mlp.gate_proj.weight")
                    .doesNotContain("\tat ");
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** A small run; an option in {@code more} replaces that of the run. */
    private static String[] options(String out, String... more) {
        List<String> options = new ArrayList<>(List.of(
                "transcoder",
                "--model",
                model,
                "--out",
                folder.resolve(out).toString(),
                "--steps",
                "60",
                "--features",
                "32",
                "--batch",
                "256",
                "--tokens",
                "2048",
                "--l0",
                "8"));
        for (String option : more) {
            int given = options.indexOf(option);
            if (given >= 0 && option.startsWith("--")) {
                options.subList(given, given + 2).clear();
            }
        }
        options.addAll(List.of(more));
        return options.toArray(String[]::new);
    }

    private static ChildJvm start(String... arguments) throws IOException {
        return ChildJvm.start(new ChildJvm.Command(
                "training", Main.class.getName(), List.of("-Xmx1g"), List.of(arguments), Map.of(), folder));
    }

    private static Result run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = new CommandLine(new TrainCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Result(exit, out.toString(), err.toString());
    }

    /** Every byte of every file, by name. */
    private static Map<String, String> bytes(String name) throws IOException {
        Map<String, String> bytes = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder.resolve(name))) {
            for (Path file : files.toList()) {
                bytes.put(file.getFileName().toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return bytes;
    }
}
