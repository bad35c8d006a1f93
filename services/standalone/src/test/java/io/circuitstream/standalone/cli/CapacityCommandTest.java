package io.circuitstream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapacityCommandTest {
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

    @Test
    void shouldPlanWhatTheMeasuredPromptsCostWhenTheyAreFromAFile() throws IOException {
        Path prompts = Files.writeString(
                folder.resolve("prompts.txt"),
                "the opposite of hot is\nfact : the capital of the state containing dallas is\n");

        Run run = Run.of("capacity", "--rate", "20", "--repeats", "0", "--json", "--file", prompts.toString());

        assertThat(run.code()).as(run.err()).isZero();
        JsonNode plan = new ObjectMapper().readTree(run.out());
        assertThat(plan.at("/measured/prompts").asInt()).isEqualTo(2);
        assertThat(plan.at("/measured/meanActiveFeatures").asDouble()).isBetween(100.0, 2000.0);
        double slowest = 0;
        for (JsonNode stage : plan.path("stages")) {
            double busy = 20 * stage.path("meanSeconds").asDouble();
            assertThat(stage.path("busyThreads").asDouble()).isCloseTo(busy, within(1e-9));
            slowest = Math.max(slowest, busy);
        }
        assertThat(plan.path("partitions").asInt()).isEqualTo(2 * (int) Math.ceil(slowest / .6));
        // A graph of some hundred features has tens of thousands of edges of 8 bytes.
        assertThat(plan.at("/topics/2/bytesPerPrompt").asDouble()).isBetween(1e5, 2e6);
        assertThat(plan.at("/latency/medianSeconds").asDouble())
                .isPositive()
                .isLessThan(plan.at("/latency/percentile99Seconds").asDouble());
    }

    @Test
    void shouldShowATableWhenNoJsonIsAskedFor() throws IOException {
        Path prompts = Files.writeString(folder.resolve("prompts.txt"), "the opposite of hot is\n");

        Run run = Run.of("capacity", "--rate", "0.05", "--repeats", "0", "--file", prompts.toString());

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .startsWith("measured     1 prompts of ")
                .containsPattern("validation +\\d+ +\\d+ +0\\.\\d\\d +1 +\\d+% +\\d+\\.\\d / s")
                .containsPattern("graphs +\\d{2,3},\\d{3} ")
                .contains("of every topic (`topics --apply --partitions ", "simulated");
    }

    @Test
    void shouldKeepTheSettingsOfALineWhenItHasSome() throws IOException {
        Path prompts = Files.writeString(
                folder.resolve("prompts.jsonl"),
                "{\"text\": \"the opposite of hot is\", \"validation\": {\"enabled\": false}}\n");

        Run run = Run.of("capacity", "--rate", "1", "--repeats", "1", "--json", "--file", prompts.toString());

        assertThat(run.code()).as(run.err()).isZero();
        JsonNode validation = new ObjectMapper().readTree(run.out()).at("/stages/3");
        // Nothing is validated; with it, it is the slowest stage.
        assertThat(validation.path("meanSeconds").asDouble())
                .isPositive()
                .isLessThan(new ObjectMapper()
                        .readTree(run.out())
                        .at("/stages/1/meanSeconds")
                        .asDouble());
        assertThat(validation.path("promptsPerSecondOfOneThread").isNumber()).isTrue();
    }

    @Test
    void shouldNameAConversationByItsIdWhenTheModelHasNoTemplate() throws IOException {
        Path prompts = Files.writeString(
                folder.resolve("chats.jsonl"),
                "{\"promptId\": \"chat-1\", \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}\n");

        Run run = Run.of("capacity", "--rate", "1", "--file", prompts.toString());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("the prompt chat-1 cannot be measured", "chat template");
        assertThat(Run.of("bench", "pipeline", "--file", prompts.toString()).err())
                .contains("chats.jsonl has a prompt that is no text");
    }

    @Test
    void shouldNameThePromptAndTheReasonWhenItCannotBeMeasured() throws IOException {
        Path prompts = Files.writeString(folder.resolve("prompts.txt"), "the opposite ".repeat(60) + "\n");

        Run run = Run.of("capacity", "--rate", "1", "--file", prompts.toString());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("the opposite", "cannot be measured", "64");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                             | Missing required option: '--rate=N'",
                "--rate 0                     | --rate must be more than 0.0 and at most 1000000.0, not 0.0",
                "--rate 1 --utilisation 1     | --utilisation must be more than 0.0 and at most 0.95, not 1.0",
                "--rate 1 --replication 0     | --replication must be at least 1, not 0",
                "--rate 1 --retention -1      | --retention must be more than 0.0",
                "--rate 1 --transport NaN     | --transport must be at least 0, not NaN",
                "--rate 1 --file nowhere.txt  | --file nowhere.txt cannot be read",
            })
    void shouldExitWithTwoAndSayWhyWhenUsageIsWrong(String options, String message) {
        Run run = Run.of(("capacity " + (options == null ? "" : options)).trim().split(" "));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(message);
    }
}
