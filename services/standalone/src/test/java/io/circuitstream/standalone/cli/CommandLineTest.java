package io.circuitstream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.circuits.files.Safetensors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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

    @BeforeAll
    static void useTheShippedModel() {
        System.setProperty("circuitstream.home", "../..");
    }

    @AfterAll
    static void forget() {
        System.clearProperty("circuitstream.home");
    }

    private static Run run(String... arguments) {
        return Run.of(arguments);
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
                        "circuitSignedReplacementScore",
                        "circuitSignedCompletenessScore",
                        "criterion",
                        "nodeThreshold",
                        "edgeThreshold",
                        "curve",
                        "supernodes",
                        "paths",
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
    void shouldSayWhatIsLeftOutWhenOnlySomeFeaturesGetARow() throws IOException {
        Run bounded = run("trace", "--local", "--json", "--no-validate", "--epsilon", "0.05", PROMPT);
        JsonNode json = new ObjectMapper().readTree(bounded.out());
        assertThat(json.get("skippedRows").asInt()).isPositive();
        assertThat(json.get("skippedInfluenceBound").asDouble()).isBetween(.01, .05);
        assertThat(json.get("leftOutEdges").asLong()).isZero();

        assertThat(run("trace", "--local", "--no-validate", "--max-features", "20", PROMPT)
                        .out())
                .contains("left out", "features without a row");
        assertThat(run("trace", "--local", "--exact", "--epsilon", "0.05", PROMPT)
                        .code())
                .isEqualTo(2);
        assertThat(run("trace", "--local", "--epsilon", "2", PROMPT).out())
                .contains("FAILED", "epsilon is 2.0, must be in [0, 1)");
    }

    @Test
    void shouldShowBothAnswersWhenAPromptIsSteered() throws IOException {
        Run text = run("steer", "--local", "--set", "2/5@3-4=4", "--new-tokens", "2", PROMPT);
        assertThat(text.code()).isZero();
        assertThat(text.out()).contains("clean ", "steered ", "KL ", "goes on ");

        Run run = run("steer", "--local", "--json", "--mode", "iterative", "--feature", "0/1=-1", PROMPT);
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("status").asText()).isEqualTo("OK");
        assertThat(json.get("mode").asText()).isEqualTo("ITERATIVE");
        assertThat(json.get("clean")).hasSize(5);
        assertThat(json.get("steeredContinuation")).isEmpty();
    }

    @Test
    void shouldSayWhatIsWrongWhenAPromptCannotBeSteered() {
        assertThat(run("steer", "--local", PROMPT).err()).contains("give a --feature or --set");
        assertThat(run("steer", "--local", "--feature", "3", PROMPT).err()).contains("'3' does not hold a feature");
        assertThat(run("steer", "--local", "--feature", "1/2=0", "--mode", "fast", PROMPT)
                        .err())
                .contains("--mode is fast");
        assertThat(run("steer", "--local", "--feature", "1/2@0=0", PROMPT).out())
                .contains("FAILED", "cannot be held at position 0: it is BOS");
        Run outside = run("steer", "--local", "--feature", "1/99999=0", PROMPT);
        assertThat(outside.code()).isEqualTo(1);
        assertThat(outside.out()).contains("FAILED", "feature 1/99999 does not exist");
    }

    @Test
    void shouldKeepTheShareWithFewerNodesWhenTheSizeIsAdaptive() throws IOException {
        JsonNode adaptive = new ObjectMapper()
                .readTree(run("trace", "--local", "--json", "--no-validate", "--adaptive", "0.9", PROMPT)
                        .out());

        assertThat(adaptive.get("criterion").asText()).isEqualTo("ELIMINATION");
        double least = .9 * adaptive.get("completenessScore").asDouble() - 1e-9;
        assertThat(adaptive.get("circuitCompletenessScore").asDouble()).isGreaterThanOrEqualTo(least);
        assertThat(adaptive.get("circuitSignedCompletenessScore").asDouble())
                .isGreaterThanOrEqualTo(adaptive.get("circuitCompletenessScore").asDouble());
        // The curve by influence has a point that keeps as much: it is not smaller.
        JsonNode curve = adaptive.get("curve");
        assertThat(curve).hasSize(32);
        for (JsonNode point : curve) {
            if (point.get("criterion").asText().equals("INFLUENCE")
                    && point.get("completeness").asDouble() >= least) {
                assertThat(adaptive.get("nodes").asInt())
                        .isLessThanOrEqualTo(point.get("nodes").asInt());
            }
        }
        assertThat(adaptive.get("paths")).hasSize(10);
        assertThat(adaptive.at("/paths/0/nodes/0").asText()).startsWith("E_");
        assertThat(adaptive.at("/paths/0/strength").asDouble())
                .isGreaterThanOrEqualTo(adaptive.at("/paths/9/strength").asDouble());
    }

    @Test
    void shouldSayHowTheCircuitWasCutWhenItIsNotByThresholds() {
        assertThat(run("trace", "--local", "--no-validate", "--node-budget", "12", PROMPT)
                        .out())
                .contains(
                        "  size        at most 12 features and errors, by elimination", "  paths       ", " → austin");
        assertThat(run(
                                "trace",
                                "--local",
                                "--no-validate",
                                "--keep-completeness",
                                "0.8",
                                "--criterion",
                                "influence",
                                PROMPT)
                        .out())
                .contains("  size        the smallest that keeps 0.8 of the completeness, by influence");
        assertThat(run("trace", "--local", "--no-validate", PROMPT).out()).doesNotContain("  size  ");
        assertThat(run("trace", "--local", "--adaptive", "2", PROMPT).out())
                .contains("FAILED", "completeness share is 2.0, must be in (0, 1]");
    }

    @Test
    void shouldExitWithTwoWhenTwoSizesAreAsked() {
        assertThat(run("trace", "--local", "--adaptive", "0.9", "--node-threshold", "0.8", PROMPT)
                        .code())
                .isEqualTo(2);
        assertThat(run("trace", "--local", "--adaptive", "0.9", "--node-budget", "9", PROMPT)
                        .code())
                .isEqualTo(2);
        assertThat(run("trace", "--local", "--criterion", "size", PROMPT).err())
                .contains("'size' is no criterion: influence or elimination");
    }

    @Test
    void shouldLetALineSayHowItIsPrunedWhenAPromptFileIsRead() throws IOException {
        Path file = folder.resolve("sizes.jsonl");
        Files.writeString(
                file,
                "{\"text\":\"" + PROMPT + "\",\"pruning\":{\"nodeBudget\":6}}\n" + "{\"text\":\"" + PROMPT
                        + "\",\"pruning\":{\"nodeThreshold\":0.8}}\n" + PROMPT + "\n");

        JsonNode json = new ObjectMapper()
                .readTree(run(
                                "trace",
                                "--local",
                                "--json",
                                "--no-validate",
                                "--adaptive",
                                "0.7",
                                "--file",
                                file.toString())
                        .out());

        int always = json.at("/0/tokens").size() + json.at("/0/logits").size();
        assertThat(json.at("/0/nodes").asInt()).isLessThanOrEqualTo(6 + always);
        assertThat(json.at("/1/criterion").asText()).isEqualTo("INFLUENCE");
        assertThat(json.at("/1/nodeThreshold").asDouble()).isEqualTo(.8);
        assertThat(json.at("/2/criterion").asText()).isEqualTo("ELIMINATION");

        Files.writeString(file, "{\"text\":\"a\",\"pruning\":{\"mode\":\"SMALL\"}}\n");
        assertThat(run("trace", "--local", "--file", file.toString()).err())
                .contains("line 1: 'SMALL' is none of [THRESHOLDS, COMPLETENESS, NODE_BUDGET]");
    }

    @Test
    void shouldExportTheCircuitThatWasTracedWhenItsSizeWasSearched() throws IOException {
        Path file = folder.resolve("adaptive.json");
        JsonNode json = new ObjectMapper()
                .readTree(run(
                                "trace",
                                "--local",
                                "--json",
                                "--no-validate",
                                "--adaptive",
                                "0.8",
                                "--export",
                                file.toString(),
                                PROMPT)
                        .out());

        JsonNode graph = new ObjectMapper().readTree(file.toFile());
        assertThat(graph.get("nodes")).hasSize(json.get("nodes").asInt());
        assertThat(graph.get("links")).hasSize(json.get("edges").asInt());
        assertThat(graph.at("/metadata/pruning_settings/node_threshold").asDouble())
                .isEqualTo(json.get("nodeThreshold").asDouble());
    }

    @Test
    void shouldAttributeFromWhatIsAskedWhenTargetsAreNoTokens() throws IOException {
        Path vector = folder.resolve("direction.json");
        Files.writeString(vector, java.util.Collections.nCopies(128, "0.25").toString());

        Run run = run(
                "trace",
                "--local",
                "--no-validate",
                "--json",
                "--target-diff",
                "austin",
                "sacramento",
                "--target-feature",
                "5/3@4",
                "--target-vector",
                vector.toString(),
                PROMPT);

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(new ObjectMapper().readTree(run.out()).path("status").asText())
                .isEqualTo("OK");
        assertThat(run("trace", "--local", "--target-feature", "5-3", PROMPT).err())
                .contains("'5-3' is no feature at a position: give LAYER/FEATURE@POSITION, such as 3/121@5");
        assertThat(run("trace", "--local", "--target-vector", "nowhere.json", PROMPT)
                        .err())
                .contains("nowhere.json", "give a .json array of numbers");
        assertThat(run("trace", "--local", "--no-validate", "--target-feature", "6/0@4", PROMPT)
                        .out())
                .contains("FAILED", "target feature 6/0 does not exist: the transcoder has 6 layers");
    }

    @Test
    void shouldWriteFilesThatOtherToolsReadWhenAsked() throws IOException {
        Path graph = folder.resolve("graph.json");
        Path saved = folder.resolve("graph.safetensors");
        Path picture = folder.resolve("circuit.svg");
        Run run = run(
                "trace",
                "--local",
                "--no-validate",
                "--export",
                graph.toString(),
                "--picture",
                picture.toString(),
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
        assertThat(picture)
                .content()
                .startsWith("<svg ")
                .endsWith("</svg>\n")
                .contains(
                        "Circuit of “" + PROMPT + "”",
                        "of its " + json.get("links").size() + " edges");
    }

    private static final String FOREIGN =
            "../../libraries/circuits/src/test/resources/circuit-tracer-graphs/prompt2-full.json";

    @Test
    void shouldSayWhatIsInAGraphFileWhenCircuitTracerMadeIt() throws IOException {
        Run run = run("circuit", "--json", FOREIGN);
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("slug").asText()).isEqualTo("prompt2-full");
        assertThat(json.get("scan").asText()).isEqualTo("circuitstream/tiny-llama-clt");
        assertThat(json.get("tokens")).hasSize(5);
        assertThat(json.at("/logits/0/token").asText()).isEqualTo("w13");
        assertThat(json.at("/logits/0/probability").asDouble())
                .isGreaterThan(json.at("/logits/1/probability").asDouble());
        assertThat(json.get("nodes").asInt()).isEqualTo(51);
        assertThat(json.get("edges").asInt()).isEqualTo(701);
        assertThat(json.at("/nodesByKind/feature").asInt()).isEqualTo(27);
        assertThat(json.at("/nodesByKind/error").asInt()).isEqualTo(9);
        assertThat(json.get("completenessScore").asDouble()).isBetween(.01, .99);
        assertThat(json.get("circuitCompletenessScore").asDouble())
                .isEqualTo(json.get("completenessScore").asDouble());
        assertThat(run("circuit", FOREIGN).out())
                .contains(
                        "<bos> w7 <unk> w30 w4  prompt2-full", "27 features, 9 errors, 5 tokens, 10 logits; 701 edges");
    }

    @Test
    void shouldPruneAGraphFileFurtherWhenThresholdsAreGiven() throws IOException {
        Path export = folder.resolve("pruned.json");
        Run run = run(
                "circuit",
                "--node-threshold",
                "0.8",
                "--edge-threshold",
                "0.98",
                "--circuit-tracer-ids",
                "--export",
                export.toString(),
                FOREIGN);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains(
                        "110 edges   (of 51 nodes, 701 edges in the file)",
                        "what is in the file: replacement",
                        "circuit: replacement");
        JsonNode json = new ObjectMapper().readTree(export.toFile());
        assertThat(json.get("links")).hasSize(110);
        assertThat(json.get("nodes").findValuesAsText("node_id")).contains("1_-1_4");
        JsonNode again = new ObjectMapper()
                .readTree(run("circuit", "--json", export.toString()).out());
        assertThat(again.get("fileNodes").asInt()).isEqualTo(23);
        assertThat(again.get("fileNodeThreshold").asDouble()).isEqualTo(.8);
    }

    @Test
    void shouldNameFileAndFaultWhenAGraphFileIsWrong() throws IOException {
        Path file = folder.resolve("graph.json");
        Files.writeString(
                file, Files.readString(Path.of(FOREIGN)).replaceFirst("\"weight\": [^\n]*", "\"weight\": NaN"));
        Run run = run("circuit", file.toString());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("graph.json: link 0: weight is 'NaN'").doesNotContain("Exception");
    }

    @Test
    void shouldExitWithTwoWhenUsageIsWrong() {
        assertThat(run("circuit").code()).isEqualTo(2);
        assertThat(run("circuit", folder.resolve("none.json").toString()).code())
                .isEqualTo(2);
        assertThat(run("circuit", "--node-threshold", "2", FOREIGN).err()).contains("node threshold is 2.0");
        assertThat(run("circuit", "--circuit-tracer-ids", FOREIGN).code()).isEqualTo(2);
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
