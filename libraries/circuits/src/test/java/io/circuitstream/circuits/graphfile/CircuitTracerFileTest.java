package io.circuitstream.circuits.graphfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.export.IdDialect;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.Nodes.Kind;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.circuits.pruning.Pruner;
import io.circuitstream.circuits.pruning.PruningOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that circuit-tracer's own code wrote (the folder's README says how). */
class CircuitTracerFileTest {
    private static final Path FOLDER = Path.of("src/test/resources");

    @TempDir
    Path folder;

    private static GraphFile read(String name) throws IOException {
        return GraphFile.read(FOLDER.resolve("circuit-tracer-graphs").resolve(name + ".json"));
    }

    /** Index of each node of prompt 1's file in the matrix that PyTorch computed. */
    private static int[] inTheMatrix(GraphFile file, Safetensors truth) {
        float[] features = truth.readFloats("features");
        float[] targets = truth.readFloats("target_tokens");
        int count = features.length / 4;
        int positions = file.promptTokens().size();
        int errors = file.layers() * positions;
        return file.nodes().stream()
                .mapToInt(node -> switch (node.kind()) {
                    case FEATURE -> row(features, 4, node.layer(), node.position(), node.feature());
                    case ERROR -> count + node.layer() * positions + node.position();
                    case TOKEN -> count + errors + node.position();
                    case LOGIT -> count + errors + positions + row(targets, 1, node.feature());
                })
                .toArray();
    }

    private static int row(float[] table, int width, int... start) {
        for (int r = 0; r < table.length / width; r++) {
            boolean same = true;
            for (int i = 0; i < start.length; i++) {
                same &= table[r * width + i] == start[i];
            }
            if (same) {
                return r;
            }
        }
        throw new AssertionError("no such row");
    }

    @Test
    void shouldTellTheErrorFromTheFeatureWhenTheyShareAnId() throws IOException {
        GraphFile file = read("prompt1-pruned");
        Safetensors truth = Safetensors.open(FOLDER.resolve("llama/clt-attribution.safetensors"));
        int[] index = inTheMatrix(file, truth);
        float[] dense = truth.readFloats("A");
        int n = truth.readFloats("kept_nodes").length;

        assertThat(file.nodes())
                .extracting(GraphNode::id)
                .containsOnlyOnce("4_1_6")
                .hasSize(27);
        assertThat(file.nodes()).filteredOn(node -> node.id().equals("0_0_6")).hasSize(2);
        List<List<Integer>> edges = new ArrayList<>();
        for (int i = 0; i < file.links().count(); i++) {
            int target = index[file.links().target()[i]];
            int source = index[file.links().source()[i]];
            assertThat(file.links().weight()[i]).isCloseTo(dense[target * n + source], within(2e-5f));
            edges.add(List.of(target, source));
        }
        float[] kept = truth.readFloats("kept_edges");
        List<List<Integer>> expected = new ArrayList<>();
        for (int e = 0; e < kept.length; e += 2) {
            expected.add(List.of((int) kept[e], (int) kept[e + 1]));
        }
        assertThat(edges).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(file.warnings()).isEmpty();
    }

    @Test
    void shouldSayWhatCircuitTracerKnewWhenRead() throws IOException {
        GraphFile file = read("prompt1-pruned");
        Safetensors truth = Safetensors.open(FOLDER.resolve("llama/clt-attribution.safetensors"));
        int[] index = inTheMatrix(file, truth);
        float[] score = truth.readFloats("node_score");
        float[] features = truth.readFloats("features");
        float[] probabilities = truth.readFloats("target_probabilities");

        assertThat(file.layers()).isEqualTo(3);
        assertThat(file.scan()).isEqualTo("circuitstream/tiny-llama-clt");
        assertThat(file.promptTokens()).containsExactly("<bos>", "w5", "w9", "w3", "w17", "w22", "w9");
        assertThat(file.nodeThreshold()).hasValue(.8);
        Nodes nodes = FileGraph.of(file).graph().nodes();
        assertThat(nodes.tokenIds()).containsExactly(1, 5, 9, 3, 17, 22, 9);
        assertThat(nodes.targets().get(0).token()).isEqualTo("<bos>");
        for (int i = 0; i < index.length; i++) {
            GraphNode node = file.nodes().get(i);
            if (node.kind() == Kind.LOGIT) {
                assertThat(node.value())
                        .isCloseTo(probabilities[index[i] - (score.length - probabilities.length)], within(1e-5f));
            } else {
                assertThat(Objects.requireNonNull(node.influence())).isCloseTo(score[index[i]], within(1e-5f));
            }
            if (node.kind() == Kind.FEATURE) {
                assertThat(node.value()).isCloseTo(features[4 * index[i] + 3], within(2e-5f));
            }
        }
    }

    /** At thresholds of 1 circuit-tracer removes what has no influence, so that nothing is lost for us. */
    @Test
    void shouldKeepWhatCircuitTracerKeepsWhenTheWholeGraphIsPruned() throws IOException {
        FileGraph full = FileGraph.of(read("prompt2-full"));
        GraphFile expected = read("prompt2-pruned");

        PrunedGraph circuit = Pruner.prune(full.graph(), PruningOptions.DEFAULT);

        GraphFile kept = full.kept(circuit, PruningOptions.DEFAULT);
        assertThat(kept.nodes()).containsExactlyElementsOf(expected.nodes());
        assertThat(kept.links().source()).isEqualTo(expected.links().source());
        assertThat(kept.links().target()).isEqualTo(expected.links().target());
        assertThat(kept.links().weight()).isEqualTo(expected.links().weight());
        for (int i = 0; i < full.nodeOf().length; i++) {
            GraphNode node = full.file().nodes().get(i);
            if (node.kind() != Kind.LOGIT) {
                assertThat((float) circuit.score()[full.nodeOf()[i]])
                        .isCloseTo(Objects.requireNonNull(node.influence()), within(1e-5f));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(IdDialect.class)
    void shouldKeepEverythingButTheErrorsIdsWhenWrittenAgain(IdDialect dialect) throws IOException {
        GraphFile file = read("prompt2-full");
        Path copy = folder.resolve("copy.json");

        file.write(copy, dialect);

        GraphFile again = GraphFile.read(copy);
        assertThat(again.metadata()).isEqualTo(file.metadata());
        assertThat(again.view()).isEqualTo(file.view());
        assertThat(again.links().source()).isEqualTo(file.links().source());
        assertThat(again.links().target()).isEqualTo(file.links().target());
        assertThat(again.links().weight()).isEqualTo(file.links().weight());
        Map<Kind, Integer> kinds = new TreeMap<>();
        for (int i = 0; i < file.nodes().size(); i++) {
            GraphNode node = file.nodes().get(i);
            kinds.merge(node.kind(), 1, Integer::sum);
            if (node.kind() == Kind.ERROR) {
                String id = dialect.error(node.layer(), node.position());
                assertThat(again.nodes().get(i).json())
                        .isEqualTo(node.json().deepCopy().put("node_id", id));
            } else {
                assertThat(again.nodes().get(i)).isEqualTo(node);
            }
        }
        assertThat(kinds).isEqualTo(Map.of(Kind.FEATURE, 27, Kind.ERROR, 9, Kind.TOKEN, 5, Kind.LOGIT, 10));
        assertThat(again.nodes()).extracting(GraphNode::id).doesNotHaveDuplicates();
    }
}
