package io.circuitstream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With the smallest sizes: what is printed, not how fast anything is. */
class BenchCommandTest {
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
    void shouldPrintTimesBesideTheMachinesRatesWhenAttributionIsMeasured() throws IOException {
        JsonNode report = report("attribution", "--tokens", "6", "--repeats", "2");

        assertThat(report.at("/machine/gemmGflopsOwnShapes").asDouble()).isPositive();
        assertThat(report.path("results")).isNotEmpty();
    }

    @Test
    void shouldPruneAGraphOfTheSizeThatIsAskedForWhenPruningIsMeasured() throws IOException {
        JsonNode report = report("pruning", "--nodes", "600", "--edges", "5000", "--repeats", "3");

        assertThat(report.at("/machine/gemmGflopsOwnShapes").isNull()).isTrue();
        assertThat(report.at("/results/0/unit").asText()).isEqualTo("ms");
        assertThat(report.at("/results/0/parameters/nodes").asInt()).isEqualTo(600);
        assertThat(report.at("/results/0/parameters/edges").asInt()).isEqualTo(5000);
        assertThat(report.at("/results/0/parameters/keptEdges").asInt()).isBetween(1, 4999);
    }

    @Test
    void shouldHoldEliminationAgainstInfluenceWhenCircuitsAreMeasured() throws IOException {
        JsonNode report = report("circuits", "--samples", "--share", "0.9");

        assertThat(report.path("results").findValuesAsText("name"))
                .containsExactly(
                        "features and errors by influence, share 0.9",
                        "features and errors by elimination, share 0.9",
                        "features by influence, share 0.9",
                        "features by elimination, share 0.9",
                        "edges by influence, share 0.9",
                        "edges by elimination, share 0.9");
        assertThat(report.at("/results/0/ratio").asDouble()).isEqualTo(1);
        assertThat(report.at("/results/1/ratio").asDouble()).isLessThan(1);
        assertThat(report.at("/results/1/parameters/prompts").asInt()).isEqualTo(10);
    }

    @Test
    void shouldSayWhatKafkaAddsAndWhetherMemoryStaysFlatWhenThePipelineIsMeasured() throws IOException {
        JsonNode report = report("pipeline", "--prompts", "2", "--burst", "10", "--warm-up", "1");

        assertThat(report.path("results").findValuesAsText("name"))
                .contains(
                        "transport",
                        "transport, 99th percentile",
                        "throughput",
                        "Java heap after collection",
                        "native arrays");
        JsonNode transport = report.at("/results/0");
        assertThat(transport.at("/parameters/computeMs").asDouble())
                .isPositive()
                .isLessThan(transport.at("/parameters/totalMs").asDouble());
        assertThat(transport.at("/parameters/recordBytes")).hasSize(4).allMatch(size -> size.asInt() > 100);
        assertThat(report.at("/results/2/parameters/prompts").asInt()).isEqualTo(10);
    }

    @Test
    void shouldHoldThePlanAgainstADeploymentWhenCapacityIsMeasured() throws IOException {
        JsonNode report = report("capacity", "--prompts", "10", "--busy", "0.8", "--repeats", "0");

        assertThat(report.path("results").findValuesAsText("name"))
                .startsWith(
                        "prompts a second, at most",
                        "median latency, slowest stage 80 % busy",
                        "latency of 99 %, slowest stage 80 % busy")
                .endsWith("bytes of a prompt in circuits", "bytes of a prompt in validations");
        for (JsonNode result : report.path("results")) {
            if (result.path("unit").asText().equals("bytes")) {
                // Bytes do not depend on the machine; the markers of transactions and what a record has beside its
                // value do a little.
                assertThat(result.path("ratio").asDouble())
                        .as(result.path("name").asText())
                        .isBetween(.8, 1.25);
            }
        }
    }

    @Test
    void shouldHoldSparseTrainingAgainstDenseWhenTrainingIsMeasured() throws IOException {
        JsonNode report = report("training", "--steps", "2");

        assertThat(report.path("results").findValuesAsText("name"))
                .containsExactly("sparse training", "sparse training against dense", "dense step");
        assertThat(report.at("/results/1/floor").asDouble())
                .isEqualTo(report.at("/results/2/median").asDouble());
    }

    /** Of any measurement: one document, with every rate and figure, and ratios that are ratios. */
    private static JsonNode report(String what, String... options) throws IOException {
        String[] arguments = new String[options.length + 3];
        arguments[0] = "bench";
        arguments[1] = what;
        arguments[2] = "--json";
        System.arraycopy(options, 0, arguments, 3, options.length);
        Run run = Run.of(arguments);
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(run.out());
        for (String rate : List.of("gemmGflops", "copyGBps", "threads")) {
            assertThat(report.path("machine").path(rate).asDouble()).as(rate).isPositive();
        }
        assertThat(report.path("machine").has("gemmGflopsOwnShapes")).isTrue();
        for (JsonNode result : report.path("results")) {
            assertThat(result.fieldNames())
                    .toIterable()
                    .containsExactly("name", "unit", "median", "min", "max", "floor", "ratio", "parameters");
            assertThat(result.path("floor").asDouble()).isPositive();
            assertThat(result.path("ratio").asDouble())
                    .isCloseTo(
                            result.path("median").asDouble()
                                    / result.path("floor").asDouble(),
                            within(1e-9));
        }
        return report;
    }

    @Test
    void shouldSayItInWordsWhenNoJsonIsAskedFor() {
        assertThat(Run.of("bench", "pruning", "--nodes", "600", "--edges", "5000", "--repeats", "3")
                        .out())
                .startsWith("machine, 1 tensor threads: large products ")
                .contains("pruning: ", " times\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"attribution", "pruning", "circuits", "pipeline", "capacity", "training", "all"})
    void shouldExplainItselfWhenHelpIsAskedFor(String what) {
        Run run = Run.of("bench", what, "--help");
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("Usage: circuitstream bench " + what, "--json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "attribution --repeats -1          | --repeats must be at least 0, not -1",
                "attribution --tokens 1            | --tokens must be at least 2, not 1",
                "capacity --busy 0.5,1             | --busy must be between 0 and 1, not 1.0",
                "attribution --nodes 5             | Unknown option",
                "pruning --repeats 0               | --repeats must be at least 1, not 0",
                "pruning --nodes 100               | more than 426 nodes",
                "pruning --nodes 500 --edges 0     | edges, not 0",
                "pruning --threads 2               | Unknown option",
                "circuits --share 2                | --share must be in (0, 1], not 2.0",
                "pipeline --prompts 0              | --prompts must be at least 1, not 0",
                "pipeline --burst 9                | --burst must be at least 10, not 9",
                "pipeline --warm-up 0              | --warm-up must be at least 1, not 0",
                "pipeline --file no-such-file      | no-such-file cannot be read",
                "training --steps 0                | --steps must be at least 1, not 0",
                "all --write no/such/folder/x.md   | there is no folder",
                "everything                        | everything",
            })
    void shouldExitWithTwoWhenUsageIsWrong(String arguments, String complaint) {
        Run run = Run.of(("bench " + arguments).split(" ", -1));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(complaint);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void shouldExitWithTwoWhenNothingIsSaidToMeasure() throws IOException {
        assertThat(Run.of("bench").code()).isEqualTo(2);
        Path empty = Files.createFile(folder.resolve("none.txt"));
        assertThat(Run.of("bench", "pipeline", "--file", empty.toString()).err())
                .contains("has no prompt");
    }
}
