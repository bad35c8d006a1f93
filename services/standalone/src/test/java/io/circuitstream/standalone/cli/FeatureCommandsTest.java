package io.circuitstream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.circuits.export.NeuronpediaGraph;
import io.circuitstream.standalone.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a prompt through a deployment's topics to files, and a person's label on the way. */
class FeatureCommandsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Path MODEL = Path.of("../../models/tiny-ten");

    @TempDir
    Path folder;

    private Deployment deployment;
    private String[] where;

    @BeforeEach
    void start() throws InterruptedException {
        deployment = Deployment.start(new Deployment.Options(
                folder.resolve("data"), Deployment.Ports.ANY, MODEL, MODEL.resolve("clt"), 1, 64));
        where = new String[] {
            "--bootstrap-servers", deployment.bootstrapServers(), "--schema-registry-url", deployment.registryUrl()
        };
    }

    @AfterEach
    void stop() {
        deployment.close();
    }

    @Test
    void shouldWriteFeaturesWithAPersonsLabelWhenAPromptWasTraced() throws IOException {
        assertThat(run("trace", "--no-validate", "fact : the capital of texas is")
                        .code())
                .isZero();
        Path files = folder.resolve("features");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(
                        run("export", "--features", files.toString()).code())
                .isZero());
        JsonNode exported = new ObjectMapper()
                .readTree(run("export", "--features", files.toString(), "--separate", "--json")
                        .out());
        String scan = exported.get("scan").asText();
        int[] feature = anyFeature(files);
        String id = feature[0] + "/" + feature[1];

        Run label = run("label", id, "a name", "--author", "ada", "--scan", scan);
        assertThat(label.code()).as(label.err()).isZero();

        await().atMost(LIMIT).untilAsserted(() -> {
            run("export", "--features", files.toString(), "--separate");
            JsonNode json = json(files, feature);
            assertThat(json.get("label").asText()).isEqualTo("a name");
            assertThat(json.get("label_source").asText()).isEqualTo("person");
        });
        assertThat(json(files, feature).get("transcoder_id").asText()).isEqualTo(scan);
        assertThat(json(files, feature).get("top_logits")).hasSize(10);
        assertThat(json(files, feature)
                        .at("/examples_quantiles/0/examples/0/tokens/0")
                        .asText())
                .isEqualTo("<bos>");
        assertThat(files.resolve("index.json.gz")).exists();
    }

    /** Layer and index of one of the files. */
    private static int[] anyFeature(Path files) throws IOException {
        try (var list = Files.list(files)) {
            JsonNode json = new ObjectMapper()
                    .readTree(list.filter(file -> file.toString().endsWith(".json"))
                            .findFirst()
                            .orElseThrow()
                            .toFile());
            return new int[] {json.get("layer").asInt(), json.get("index").asInt()};
        }
    }

    private static JsonNode json(Path files, int[] feature) throws IOException {
        return new ObjectMapper()
                .readTree(files.resolve(NeuronpediaGraph.cantor(feature[0], feature[1]) + ".json")
                        .toFile());
    }

    private Run run(String command, String... arguments) {
        List<String> line = new ArrayList<>(List.of(command));
        line.addAll(List.of(arguments));
        line.addAll(List.of(where));
        return Run.of(line.toArray(String[]::new));
    }
}
