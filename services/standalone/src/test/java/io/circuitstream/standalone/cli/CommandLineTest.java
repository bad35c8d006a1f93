package io.circuitstream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.circuits.files.Safetensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other programs rely on: results on stdout, everything else on stderr, exit codes. */
class CommandLineTest {
    private static final String PROMPT = "fact : the capital of the state containing dallas is";

    @TempDir
    Path folder;

    /** What a command did. */
    private record Run(int code, String out, String err) {}

    @BeforeAll
    static void useTheShippedModel() {
        System.setProperty("circuitstream.home", "../..");
    }

    @AfterAll
    static void forget() {
        System.clearProperty("circuitstream.home");
    }

    private static Run run(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream capturedOut = new ByteArrayOutputStream();
        ByteArrayOutputStream capturedErr = new ByteArrayOutputStream();
        System.setOut(new PrintStream(capturedOut, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(capturedErr, true, StandardCharsets.UTF_8));
        try {
            int code = Circuitstream.run(arguments);
            return new Run(
                    code, capturedOut.toString(StandardCharsets.UTF_8), capturedErr.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    @Test
    void shouldPrintEveryPromisedFieldWhenTracedAsJson() throws IOException {
        Run run = run("trace", "--local", "--json", PROMPT);
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.fieldNames())
                .toIterable()
                .contains(
                        "promptId",
                        "status",
                        "message",
                        "model",
                        "scan",
                        "tokens",
                        "text",
                        "offsets",
                        "logits",
                        "activeFeatures",
                        "rows",
                        "storedEdges",
                        "nodes",
                        "edges",
                        "replacementScore",
                        "completenessScore",
                        "circuitReplacementScore",
                        "circuitCompletenessScore",
                        "skippedInfluenceBound",
                        "timings",
                        "validation",
                        "provenance");
        assertThat(json.get("status").asText()).isEqualTo("OK");
        assertThat(json.at("/logits/0/token").asText()).isEqualTo("austin");
        assertThat(json.get("text").asText()).isEqualTo(PROMPT);
        assertThat(json.get("offsets")).hasSameSizeAs(json.get("tokens"));
        assertThat(json.at("/offsets/0").isNull()).isTrue();
        assertThat(json.at("/offsets/1/0").asInt()).isZero();
        assertThat(json.get("rows").asInt())
                .isGreaterThan(json.get("activeFeatures").asInt());
        assertThat(json.at("/validation/verdict").asText()).isNotEqualTo("UNTESTED");
        assertThat(json.get("timings").fieldNames())
                .toIterable()
                .containsExactly("loadMs", "forwardMs", "attributionMs", "pruningMs", "validationMs", "totalMs");
    }

    @Test
    void shouldPrintAnArrayAndExitWithOneWhenOneOfSeveralPromptsFails() throws IOException {
        Run run = run("trace", "--local", "--json", "--no-validate", PROMPT, "");
        assertThat(run.code()).isEqualTo(1);
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get(0).at("/validation/verdict").asText()).isEqualTo("UNTESTED");
        assertThat(json.get(1).get("status").asText()).isEqualTo("FAILED");
        assertThat(json.get(1).get("message").asText()).contains("empty");
    }

    @Test
    void shouldSayWhatIsWrongWhenARequestCannotBeFulfilled() {
        assertThat(run("trace", "--local", "--target", "no such token", PROMPT).out())
                .contains("FAILED", "'no such token' is not exactly one token");
        assertThat(run("trace", "--local", "--node-threshold", "2", PROMPT).out())
                .contains("FAILED", "node threshold is 2.0, must be in (0, 1]");
        assertThat(run("trace", "--local", "--max-tokens", "5", PROMPT).out()).contains("FAILED", "the limit is 5");
        assertThat(run("trace", "--local", "--chat", "hello").out())
                .contains("user: hello", "FAILED", "the model has no chat template");
        assertThat(run("trace", "--local", "--no-validate", "xylophone is").out())
                .contains("unknown word 'xylophone' is read as <unk>");
    }

    @Test
    void shouldWriteFilesThatOtherToolsReadWhenAsked() throws IOException {
        Path graph = folder.resolve("graph.json");
        Path saved = folder.resolve("graph.safetensors");
        Run run = run(
                "trace",
                "--local",
                "--no-validate",
                "--export",
                graph.toString(),
                "--save-graph",
                saved.toString(),
                PROMPT);
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(graph.toFile());
        assertThat(json.at("/metadata/schema_version").asInt()).isEqualTo(1);
        assertThat(json.get("links").size()).isGreaterThan(100);
        Safetensors file = Safetensors.open(saved);
        assertThat(file.readInts("row_ptr")).hasSize(file.readInts("row_node").length + 1);
        assertThat(file.metadata()).containsKeys("modelHash", "scan", "codeVersion");
    }

    @Test
    void shouldExitWithTwoWhenUsageIsWrong() {
        assertThat(run("trace").code()).isEqualTo(2);
        assertThat(run("trace", "--bogus").code()).isEqualTo(2);
        assertThat(run("trace", "--model", "somewhere", PROMPT).err()).contains("--local");
        assertThat(run("trace", "--local", "--export", "x.json", PROMPT, PROMPT).code())
                .isEqualTo(2);
    }

    @Test
    void shouldNameFileAndLineWhenAPromptFileIsWrong() throws IOException {
        Path file = folder.resolve("prompts.jsonl");
        Files.writeString(file, "a plain prompt\n{\"text\": \"x\", \"nodeTreshold\": 1}\n");
        Run run = run("trace", "--local", "--file", file.toString());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("prompts.jsonl, line 2", "nodeTreshold");
    }

    @Test
    void shouldReadConversationsWhenAPromptFileHasThem() throws IOException {
        Path file = folder.resolve("chats.jsonl");
        Files.writeString(file, "{\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}\n");
        assertThat(run("trace", "--local", "--file", file.toString()).out())
                .contains("user: hi", "the model has no chat template");
        Files.writeString(file, "{\"messages\": [{\"role\": \"user\"}]}\n");
        assertThat(run("trace", "--local", "--file", file.toString()).err())
                .contains("line 1: a message needs a role and a content, both texts");
    }

    @Test
    void shouldExitWith64WhenSettingsAreWrong() throws IOException {
        Path config = folder.resolve("wrong.properties");
        Files.writeString(config, "circuitstream.topic.prefx = x\n");
        Run run = run("topics", "--config", config.toString());
        assertThat(run.code()).isEqualTo(64);
        assertThat(run.err()).contains("circuitstream.topic.prefx", "circuitstream.topic.prefix");
    }

    @Test
    void shouldSayWhatToDoWhenNoBrokerAnswers() throws IOException {
        Run run = run("trace", "--bootstrap-servers", "127.0.0.1:" + freePort(), PROMPT);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("no Kafka broker answers", "circuitstream up");
    }

    @Test
    void shouldNameThePortWhenItIsInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Run run = run(
                    "up",
                    "--data",
                    folder.toString(),
                    "--port",
                    "0",
                    "--registry-port",
                    "0",
                    "--kafka-port",
                    Integer.toString(taken.getLocalPort()));
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err()).contains(Integer.toString(taken.getLocalPort()), "in use");
        }
    }

    @Test
    void shouldNameTheFileWhenModelOrTranscoderCannotBeUsed() throws IOException {
        Run missing =
                run("trace", "--local", "--model", folder.resolve("nowhere").toString(), PROMPT);
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.err()).contains("nowhere", "no such folder");

        Path truncated = folder.resolve("truncated");
        copy(Home.model(), truncated);
        byte[] weights = Files.readAllBytes(truncated.resolve("model.safetensors"));
        Files.write(truncated.resolve("model.safetensors"), java.util.Arrays.copyOf(weights, weights.length / 2));
        Run half = run("trace", "--local", "--model", truncated.toString(), PROMPT);
        assertThat(half.code()).isEqualTo(1);
        assertThat(half.err()).contains("model.safetensors", "truncated");

        Run other = run(
                "trace", "--local", "--transcoder", "../../libraries/circuits/src/test/resources/llama/clt", PROMPT);
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.err()).contains("they do not belong together");
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
