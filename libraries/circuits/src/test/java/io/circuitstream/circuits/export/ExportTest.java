package io.circuitstream.circuits.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.circuits.TinyTest;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.LogitTarget;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.circuits.pruning.Pruner;
import io.circuitstream.circuits.pruning.PruningOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** circuits.md §7 and cli.md: what other programs read. */
class ExportTest extends TinyTest {
    private static final PruningOptions ALL = new PruningOptions(1, 1);
    private static final NeuronpediaGraph.Metadata ABOUT =
            new NeuronpediaGraph.Metadata("slug-1", "abc", "w5 \"quoted\"", "0.1.0");

    @TempDir
    Path folder;

    private static PrunedGraph circuit() {
        return Pruner.prune(graph(EXACT, PROMPT), ALL);
    }

    @Test
    void shouldPairLayerAndFeatureLikeCantor() {
        assertThat(NeuronpediaGraph.cantor(20, 15589)).isEqualTo(121843834);
        assertThat(NeuronpediaGraph.cantor(0, 0)).isZero();
        assertThat(NeuronpediaGraph.cantor(25, 1 << 20)).isEqualTo((1048601L * 1048602 / 2) + 1048576);
    }

    @Test
    void shouldHaveUniqueIdsAndLinksBetweenThemWhenEverythingIsKept() {
        PrunedGraph circuit = circuit();
        JsonNode json = NeuronpediaGraph.of(circuit, ALL, ABOUT, IdDialect.CIRCUITSTREAM);
        List<String> ids = json.path("nodes").findValuesAsText("node_id");
        assertThat(ids).hasSize(circuit.nodes().length).doesNotHaveDuplicates();
        assertThat(json.path("links")).hasSize(circuit.edgeCount());
        for (JsonNode link : json.path("links")) {
            assertThat(ids)
                    .contains(link.path("source").asText(), link.path("target").asText());
            assertThat(link.path("weight").isNumber()).isTrue();
        }
    }

    @Test
    void shouldDescribeEveryKindOfNodeAsTheFrontEndExpects() {
        PrunedGraph circuit = circuit();
        JsonNode json = NeuronpediaGraph.of(circuit, ALL, ABOUT, IdDialect.CIRCUITSTREAM);
        Nodes nodes = circuit.graph().nodes();
        Map<String, Integer> types = new TreeMap<>();
        for (int i = 0; i < circuit.nodes().length; i++) {
            int node = circuit.nodes()[i];
            JsonNode n = json.path("nodes").get(i);
            types.merge(n.path("feature_type").asText(), 1, Integer::sum);
            String id = n.path("node_id").asText();
            int l = nodes.layer(node);
            int p = nodes.position(node);
            int f = nodes.feature(node);
            assertThat(n.path("ctx_idx").asInt()).isEqualTo(p);
            assertThat(n.path("layer").isTextual()).isTrue();
            switch (nodes.kind(node)) {
                case FEATURE -> {
                    assertThat(id).isEqualTo(l + "_" + f + "_" + p);
                    assertThat(n.path("feature").asLong()).isEqualTo(NeuronpediaGraph.cantor(l, f));
                    assertThat(n.path("jsNodeId").asText()).isEqualTo(l + "_" + f + "-0");
                    assertThat(n.path("activation").floatValue()).isEqualTo(nodes.value(node));
                }
                case ERROR -> {
                    assertThat(id).isEqualTo(l + "_error_mlp_" + p);
                    assertThat(n.path("feature").asInt()).isEqualTo(-1);
                }
                case TOKEN -> {
                    assertThat(id).isEqualTo("E_" + f + "_" + p);
                    assertThat(n.path("layer").asText()).isEqualTo("E");
                }
                case LOGIT -> {
                    assertThat(id).isEqualTo((nodes.layers() + 1) + "_" + f + "_" + p);
                    assertThat(n.path("layer").asText()).isEqualTo(Integer.toString(nodes.layers() + 1));
                    assertThat(n.path("is_target_logit").asBoolean()).isEqualTo(node == nodes.firstLogit());
                }
            }
        }
        assertThat(types)
                .containsOnlyKeys("cross layer transcoder", "mlp reconstruction error", "embedding", "logit")
                .containsEntry("embedding", PROMPT.length)
                .containsEntry("logit", nodes.targets().size());
    }

    @Test
    void shouldLabelALogitExactlyAsTheFrontEndParsesIt() {
        AttributionGraph graph = graph(EXACT, PROMPT);
        Nodes n = graph.nodes();
        List<LogitTarget> targets = new ArrayList<>(n.targets());
        targets.set(0, new LogitTarget(targets.get(0).tokenId(), "tok", .1234f));
        Nodes labelled = new Nodes(
                n.layers(), n.masked(), n.tokenIds(), n.tokens(), n.features(), n.errorNorm(), List.copyOf(targets));
        PrunedGraph circuit = Pruner.prune(AttributionGraph.ofRows(labelled, graph.rows()), ALL);
        assertThat(NeuronpediaGraph.of(circuit, ALL, ABOUT, IdDialect.CIRCUITSTREAM)
                        .path("nodes")
                        .findValuesAsText("clerp"))
                .contains("Output \"tok\" (p=0.123)");
    }

    @Test
    void shouldSayWhatItIsWhenWritten() throws IOException {
        Path file = folder.resolve("graph.json");
        NeuronpediaGraph.write(file, circuit(), new PruningOptions(.7, .9), ABOUT);
        JsonNode json = new ObjectMapper().readTree(file.toFile());
        JsonNode about = json.path("metadata");
        assertThat(about.path("schema_version").asInt()).isEqualTo(1);
        assertThat(about.path("slug").asText()).isEqualTo("slug-1");
        assertThat(about.path("scan").asText()).isEqualTo("abc");
        assertThat(about.path("prompt").asText()).isEqualTo("w5 \"quoted\"");
        assertThat(about.path("prompt_tokens")).hasSize(PROMPT.length);
        assertThat(about.path("node_threshold").asDouble()).isEqualTo(.7);
        assertThat(about.path("pruning_settings").path("edge_threshold").asDouble())
                .isEqualTo(.9);
        assertThat(about.path("transcoder_list").isArray()).isTrue();
        assertThat(json.path("qParams").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("pinnedIds", "supernodes", "linkType", "clickedId", "sg_pos");
    }

    @Test
    void shouldReadBackEveryColumnWhenAGraphIsSaved() throws IOException {
        AttributionGraph graph = graph(EXACT, PROMPT);
        Nodes nodes = graph.nodes();
        Path file = folder.resolve("graph.safetensors");

        SavedGraph.write(file, graph, Map.of("scan", "abc"));

        Safetensors saved = Safetensors.open(file);
        assertThat(saved.metadata())
                .containsOnly(
                        Map.entry("scan", "abc"),
                        Map.entry("skippedRows", "0"),
                        Map.entry("skippedInfluenceBound", "0.0"),
                        Map.entry("leftOutEdges", "0"),
                        Map.entry("leftOutInfluenceBound", "0.0"));
        assertThat(saved.entries())
                .containsOnlyKeys(
                        "node_kind",
                        "node_layer",
                        "node_position",
                        "node_feature",
                        "node_value",
                        "row_node",
                        "row_ptr",
                        "col",
                        "val",
                        "row_abs_sum",
                        "row_bias",
                        "row_value",
                        "tokens");
        assertThat(saved.entries().get("row_ptr").type()).isEqualTo(Safetensors.ElementType.I64);
        assertThat(saved.readInts("tokens")).isEqualTo(PROMPT);
        assertThat(saved.readInts("row_node")).isEqualTo(graph.rows().rowNode());
        assertThat(IntStream.of(saved.readInts("row_ptr")).asLongStream().toArray())
                .isEqualTo(graph.rows().rowPtr());
        assertThat(saved.readInts("col")).isEqualTo(graph.rows().col());
        assertThat(saved.readFloats("val")).isEqualTo(graph.rows().val());
        assertThat(saved.readFloats("row_abs_sum")).isEqualTo(graph.rows().absSum());
        assertThat(saved.readFloats("row_bias")).isEqualTo(graph.rows().bias());
        assertThat(saved.readFloats("row_value")).isEqualTo(graph.rows().value());
        for (int i = 0; i < nodes.count(); i++) {
            assertThat(saved.readInts("node_kind")[i]).isEqualTo(code(nodes.kind(i)));
            assertThat(saved.readInts("node_layer")[i]).isEqualTo(nodes.layer(i));
            assertThat(saved.readInts("node_position")[i]).isEqualTo(nodes.position(i));
            assertThat(saved.readInts("node_feature")[i]).isEqualTo(nodes.feature(i));
            assertThat(saved.readFloats("node_value")[i]).isEqualTo(nodes.value(i));
        }
    }

    /** As cli.md numbers them. */
    private static int code(Nodes.Kind kind) {
        return switch (kind) {
            case FEATURE -> 0;
            case ERROR -> 1;
            case TOKEN -> 2;
            case LOGIT -> 3;
        };
    }
}
