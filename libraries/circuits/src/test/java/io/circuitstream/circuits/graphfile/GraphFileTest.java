package io.circuitstream.circuits.graphfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.export.IdDialect;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.LogitTarget;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.circuits.pruning.Pruner;
import io.circuitstream.circuits.pruning.PruningOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a graph file says, as this software understands it. */
class GraphFileTest {
    @TempDir
    Path folder;

    @Test
    void shouldSayWhatTheFileSaysWhenRead() throws IOException {
        GraphFile file = TinyGraphFile.read();

        assertThat(file.layers()).isEqualTo(2);
        assertThat(file.promptTokens()).containsExactly("a", "b");
        assertThat(file.slug()).isEqualTo("s");
        assertThat(file.scan()).isEqualTo("abc");
        assertThat(file.prompt()).isEqualTo("a b");
        assertThat(file.nodeThreshold()).hasValue(.8);
        assertThat(file.pinnedIds()).containsExactly("0_1_1", "0_0_0");
        assertThat(file.supernodes()).containsExactly(new GraphFile.Supernode("said", List.of("0_0_0", "1_5_1")));
        assertThat(file.warnings()).isEmpty();
        GraphNode feature = file.nodes().get(0);
        assertThat(feature.kind()).isEqualTo(Nodes.Kind.FEATURE);
        assertThat(feature.layer()).isEqualTo(1);
        assertThat(feature.position()).isEqualTo(1);
        assertThat(feature.feature()).isEqualTo(5);
        assertThat(feature.value()).isEqualTo(2.5f);
        assertThat(feature.label()).isEqualTo("says <b>");
        assertThat(feature.influence()).isEqualTo(.5f);
        assertThat(feature.json().path("vis_link").asText()).isEqualTo("https://x");
        assertThat(file.nodes().get(1).value()).isNaN();
        assertThat(file.nodes().get(1).influence()).isNull();
        assertThat(file.nodes().get(2).kind()).isEqualTo(Nodes.Kind.ERROR);
        assertThat(file.nodes().get(5).layer()).isEqualTo(2);
        assertThat(file.links().source()).containsExactly(3, 1, 2, 0);
        assertThat(file.links().target()).containsExactly(1, 0, 0, 5);
        assertThat(file.links().weight()).containsExactly(.1f, -.25f, .75f, 2);
    }

    @Test
    void shouldBecomeAnAttributionGraphWhenPlaced() throws IOException {
        FileGraph placed = FileGraph.of(TinyGraphFile.read());

        Nodes nodes = placed.graph().nodes();
        assertThat(nodes.tokenIds()).containsExactly(7, 8);
        assertThat(nodes.targets()).containsExactly(new LogitTarget(9, " c\"d", .75f));
        assertThat(placed.nodeOf()).containsExactly(1, 0, 2, 6, 7, 8);
        assertThat(nodes.count()).isEqualTo(9);
        assertThat(nodes.features().layerStart()).containsExactly(0, 1, 2);
        assertThat(placed.graph().rows().get(0, 6)).isEqualTo(.1f);
        assertThat(placed.graph().rows().get(1, 0)).isEqualTo(-.25f);
        assertThat(placed.graph().rows().get(1, 2)).isEqualTo(.75f);
        assertThat(placed.graph().rows().get(8, 1)).isEqualTo(2);
        assertThat(placed.graph().rows().absSum()).containsExactly(.1f, 1, 2);
    }

    /** 9 ← 5 ← {1: 1/4 ← E_7, error: 3/4}, all times p = 3/4. */
    @Test
    void shouldRecomputeInfluenceAndScoresWhenLinksAreLeft() throws IOException {
        AttributionGraph graph = FileGraph.of(TinyGraphFile.read()).graph();
        double[] influence = Influence.of(graph);
        assertThat(influence).containsExactly(new double[] {.1875, .75, .5625, 0, 0, 0, .1875, 0, 0}, within(1e-7));
        assertThat(Influence.replacementScore(graph.nodes(), influence)).isCloseTo(.25, within(1e-7));
    }

    @Test
    void shouldKeepOnlyTheStrongWhenPrunedFurther() throws IOException {
        FileGraph placed = FileGraph.of(TinyGraphFile.read());
        PruningOptions options = new PruningOptions(.7, .99);
        PrunedGraph circuit = Pruner.prune(placed.graph(), options);

        GraphFile kept = placed.kept(circuit, options);

        assertThat(kept.nodes()).extracting(GraphNode::id).containsExactly("1_5_1", "0_0_0", "E_7_0", "E_8_1", "3_9_1");
        assertThat(kept.links().weight()).containsExactly(.75f, 2);
        assertThat(kept.links().source()).containsExactly(1, 0);
        assertThat(kept.links().target()).containsExactly(0, 4);
        assertThat(kept.nodeThreshold()).hasValue(.7);
        assertThat(kept.metadata().at("/pruning_settings/edge_threshold").asDouble())
                .isEqualTo(.99);
        assertThat(kept.metadata().at("/info/creator_name").asText()).isEqualTo("someone");
    }

    @Test
    void shouldNameErrorsInTheDialectEverywhereWhenWritten() throws IOException {
        Path ours = folder.resolve("ours.json");
        Path theirs = folder.resolve("theirs.json");

        TinyGraphFile.read().write(ours, IdDialect.CIRCUITSTREAM);
        GraphFile.read(ours).write(theirs, IdDialect.CIRCUIT_TRACER);

        for (Path path : new Path[] {ours, theirs}) {
            String error = path == ours ? "0_error_mlp_0" : "0_-1_0";
            GraphFile file = GraphFile.read(path);
            assertThat(file.nodes().get(2).id()).isEqualTo(error);
            assertThat(file.pinnedIds()).containsExactly("0_1_1", error);
            assertThat(file.supernodes().get(0).nodeIds()).containsExactly(error, "1_5_1");
            assertThat(file.view().path("clickedId").asText()).isEqualTo(error);
            assertThat(file.links().source()).containsExactly(3, 1, 2, 0);
        }
    }

    /** A supernode named like an error's id keeps its name, and the file in memory stays as it was read. */
    @Test
    void shouldRenameNoNameAndChangeNothingInMemoryWhenWritten() throws IOException {
        GraphFile file = TinyGraphFile.with("\"said\"", "\"0_0_0\"");

        file.write(folder.resolve("ours.json"), IdDialect.CIRCUITSTREAM);

        GraphFile ours = GraphFile.read(folder.resolve("ours.json"));
        assertThat(ours.supernodes().get(0))
                .isEqualTo(new GraphFile.Supernode("0_0_0", List.of("0_error_mlp_0", "1_5_1")));
        assertThat(file.supernodes().get(0)).isEqualTo(new GraphFile.Supernode("0_0_0", List.of("0_0_0", "1_5_1")));
        assertThat(file.pinnedIds()).containsExactly("0_1_1", "0_0_0");
        assertThat(file.nodes().get(2).id()).isEqualTo("0_0_0");
    }

    @Test
    void shouldReplaceThePruningSettingsWhenTheyAreNoObject() throws IOException {
        FileGraph placed = FileGraph.of(TinyGraphFile.with("\"schema_version\": 1", "\"pruning_settings\": \"none\""));
        PruningOptions options = new PruningOptions(.5, .5);

        GraphFile kept = placed.kept(Pruner.prune(placed.graph(), options), options);

        assertThat(kept.metadata().at("/pruning_settings/node_threshold").asDouble())
                .isEqualTo(.5);
        assertThat(placed.file().metadata().path("pruning_settings").asText()).isEqualTo("none");
        assertThat(placed.file().nodeThreshold()).hasValue(.8);
    }

    @Test
    void shouldReadLinksFirstWhenTheyComeBeforeTheNodes() throws IOException {
        String text = TinyGraphFile.TEXT;
        int links = text.indexOf("\"links\"");
        String moved = "{" + text.substring(links, text.lastIndexOf('}')) + ", \"else\": [[{}]], "
                + text.substring(1, links).stripTrailing().replaceAll(",$", "}");

        assertThat(TinyGraphFile.parse(moved).links().target()).containsExactly(1, 0, 0, 5);
    }

    @Test
    void shouldTakeTheProbabilityFromTheLabelWhenTheFileHasNoOther() throws IOException {
        assertThat(TinyGraphFile.with(" \"token_prob\": 0.75,", "")
                        .nodes()
                        .get(5)
                        .value())
                .isEqualTo(.75f);
        assertThat(TinyGraphFile.with("0.75,\n", "0,\n").nodes().get(5).value()).isEqualTo(.75f);
    }

    @Test
    void shouldTakeTheWholeLabelAsTokenWhenItIsWrittenOtherwise() throws IOException {
        GraphFile file = TinyGraphFile.with("Output \\\" c\\\"d\\\" (p=0.750)", "c (p=0.750)");
        assertThat(FileGraph.of(file).graph().nodes().targets().get(0).token()).isEqualTo("c (p=0.750)");
    }

    @Test
    void shouldLeaveRoomForEveryLayerWhenLogitsAreRightAboveTheFeatures() throws IOException {
        GraphFile file = TinyGraphFile.parse(
                TinyGraphFile.TEXT.replace("3_9_1", "2_9_1").replace("\"layer\": \"3\"", "\"layer\": \"2\""));
        assertThat(file.layers()).isEqualTo(2);
        assertThat(file.nodes().get(5).layer()).isEqualTo(2);
    }

    @Test
    void shouldWarnWhenEmbeddingsAreMissing() throws IOException {
        GraphFile file = TinyGraphFile.parse(TinyGraphFile.TEXT.replaceFirst("\\{\"node_id\": \"E_8_1\"[^}]*},", ""));
        assertThat(file.warnings()).singleElement().asString().contains("1 of 2 embeddings");
        assertThat(FileGraph.of(file).graph().nodes().tokenIds()).containsExactly(7, -1);
    }

    @Test
    void shouldCarryNoEdgeWhenAWeightIsZero() throws IOException {
        FileGraph placed = FileGraph.of(TinyGraphFile.with(
                "\"links\": [", "\"links\": [{\"source\": \"3_9_1\", \"target\": \"E_7_0\", \"weight\": 0.0},"));
        assertThat(placed.file().links().count()).isEqualTo(5);
        assertThat(placed.entryOf()[0]).isEqualTo(-1);
        assertThat(placed.graph().rows().val()).hasSize(4);
    }

    @Test
    void shouldBeEmptyWhenNothingIsPinnedOrGrouped() throws IOException {
        GraphFile file =
                TinyGraphFile.parse(TinyGraphFile.TEXT.replaceFirst("(?s)\"qParams\".*?\"nodes\"", "\"nodes\""));
        assertThat(file.pinnedIds()).isEmpty();
        assertThat(file.supernodes()).isEmpty();
    }
}
