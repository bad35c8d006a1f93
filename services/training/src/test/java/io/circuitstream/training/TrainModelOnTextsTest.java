package io.circuitstream.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.training.documents.PromptTopics;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code train model} and {@code train transcoder} on texts of one's own, from files and from a topic of a real broker. */
class TrainModelOnTextsTest {
    private static final List<String> ANIMALS = List.of("cat", "dog", "cow", "pig", "owl");
    private static final List<String> SOUNDS = List.of("meow", "woof", "moo", "oink", "hoot");

    @TempDir
    static Path folder;

    private record Result(int exit, String out, String err) {}

    @Test
    void shouldAnswerHeldOutPromptsWhenTheTextsHaveARule() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            lines.add("{\"text\": \"" + text(i) + "\", \"answer\": \"" + SOUNDS.get(i % 5) + "\"}");
        }
        Path texts = Files.write(folder.resolve("animals.jsonl"), lines);
        Path out = folder.resolve("animals");

        Result result = run(
                "model",
                "--out",
                out.toString(),
                "--corpus",
                texts.toString(),
                "--layers",
                "1",
                "--steps",
                "40",
                "--context",
                "16",
                "--json");

        assertThat(result.exit).as(result.err).isZero();
        assertThat(result.err).contains("300 documents; vocabulary: ");
        JsonNode json = new ObjectMapper().readTree(result.out);
        assertThat(json.path("accuracy").asDouble()).isGreaterThan(.9);
        // Three digits are free, each of them one of at most ten.
        assertThat(json.path("nextToken").path("loss").asDouble()).isLessThan(3);
        assertThat(out.resolve("training.checkpoint")).doesNotExist();
        try (LanguageModel model = LanguageModel.load(out)) {
            assertThat(model.tokens().single("woof")).isPresent();
            assertThat(model.tokens().single("dallas")).isEmpty();
        }
    }

    @Test
    void shouldTrainAModelAndItsTranscoderWhenTheTextsAreOnATopic() throws Exception {
        try (PromptTopics topics = new PromptTopics(folder.resolve("kafka"))) {
            String topic = topics.make("sounds");
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                texts.add(text(i) + " " + SOUNDS.get(i % 5));
            }
            topics.send(topic, 0, texts.subList(0, 120));
            topics.send(topic, 1, texts.subList(120, 200));
            String model = folder.resolve("of-topic").toString();
            List<String> source = List.of(
                    "--corpus-topic",
                    topic,
                    "--bootstrap-servers",
                    topics.brokers(),
                    "--schema-registry-url",
                    topics.registryUrl());

            Result trained = run(with(source, "model", "--out", model, "--layers", "1", "--steps", "2"));
            Result again = run(with(
                    source,
                    "model",
                    "--out",
                    model + "-again",
                    "--layers",
                    "1",
                    "--steps",
                    "2",
                    "--corpus-end",
                    "0:120,1:80"));
            Result decomposed = run(with(
                    source,
                    "transcoder",
                    "--model",
                    model,
                    "--out",
                    model + "-clt",
                    "--steps",
                    "2",
                    "--features",
                    "16",
                    "--batch",
                    "256",
                    "--tokens",
                    "1024",
                    "--l0",
                    "4"));

            assertThat(trained.exit).as(trained.err).isZero();
            assertThat(trained.err).contains("up to 0:120,1:80: 200 documents");
            assertThat(trained.out).contains("next token  loss ").doesNotContain("exact");
            assertThat(again.exit).as(again.err).isZero();
            assertThat(Path.of(model, "model.safetensors"))
                    .hasSameBinaryContentAs(Path.of(model + "-again", "model.safetensors"));
            assertThat(decomposed.exit).as(decomposed.err).isZero();
            assertThat(Path.of(model + "-clt", "config.yaml")).exists();
        }
    }

    @Test
    void shouldSayWhatIsWrongWhenTheTextsCannotBeUsed() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.txt"), "\n");
        String out = folder.resolve("never").toString();

        Result nothing = run("model", "--out", out, "--corpus", empty.toString());
        Result both = run("model", "--out", out, "--corpus", empty.toString(), "--corpus-topic", "t");
        Result tight = run("model", "--out", out, "--corpus", empty.toString(), "--context", "1");

        assertThat(nothing.exit).isEqualTo(1);
        assertThat(nothing.err).contains("empty.txt has no document").doesNotContain("\tat ");
        assertThat(both.err).contains("--corpus or --corpus-topic, not both");
        assertThat(tight.exit).isEqualTo(2);
        assertThat(tight.err).contains("a row of 1 tokens is too short");
        assertThat(folder.resolve("never")).doesNotExist();
    }

    private static String text(int i) {
        return "in house " + i / 100 + " " + i / 10 % 10 + " " + i % 10 + " the " + ANIMALS.get(i % 5) + " says";
    }

    private static String[] with(List<String> source, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(source);
        return all.toArray(String[]::new);
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
}
