package io.circuitstream.circuits.graphfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.circuits.TinyTest;
import io.circuitstream.circuits.export.IdDialect;
import io.circuitstream.circuits.export.NeuronpediaGraph;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.Nodes.Kind;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.circuits.pruning.Pruner;
import io.circuitstream.circuits.pruning.PruningOptions;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What this software exports, it reads. */
class OwnFileTest extends TinyTest {
    private static final NeuronpediaGraph.Metadata ABOUT =
            new NeuronpediaGraph.Metadata("slug-1", "abc", "w5 \"quoted\"", "0.1.0");

    private static GraphFile exported(PrunedGraph circuit, IdDialect dialect) throws IOException {
        ObjectNode json = NeuronpediaGraph.of(circuit, PruningOptions.DEFAULT, ABOUT, dialect);
        return TinyGraphFile.parse(json.toString());
    }

    @ParameterizedTest
    @EnumSource(IdDialect.class)
    void shouldComeBackWhenExported(IdDialect dialect) throws IOException {
        PrunedGraph circuit = Pruner.prune(graph(EXACT, PROMPT), new PruningOptions(.95, .99));
        Nodes nodes = circuit.graph().nodes();

        GraphFile file = exported(circuit, dialect);

        assertThat(file.layers()).isEqualTo(nodes.layers());
        assertThat(file.promptTokens()).isEqualTo(nodes.tokens());
        assertThat(file.slug()).isEqualTo("slug-1");
        assertThat(file.prompt()).isEqualTo("w5 \"quoted\"");
        int[] kept = circuit.nodes();
        assertThat(file.nodes()).hasSize(kept.length);
        for (int i = 0; i < kept.length; i++) {
            GraphNode node = file.nodes().get(i);
            assertThat(node.kind()).isEqualTo(nodes.kind(kept[i]));
            assertThat(node.layer()).isEqualTo(nodes.layer(kept[i]));
            assertThat(node.position()).isEqualTo(nodes.position(kept[i]));
            assertThat(node.feature()).isEqualTo(nodes.feature(kept[i]));
            if (node.kind() != Kind.ERROR) {
                assertThat(node.value()).isEqualTo(nodes.value(kept[i]));
            }
            if (node.kind() != Kind.LOGIT) {
                assertThat(Objects.requireNonNull(node.influence())).isEqualTo((float) circuit.score()[kept[i]]);
            }
        }
        AttributionGraph back = FileGraph.of(file).graph();
        assertThat(back.nodes().targets()).isEqualTo(nodes.targets());
        assertThat(back.nodes().tokenIds()).isEqualTo(nodes.tokenIds());
        assertThat(file.links().count()).isEqualTo(circuit.edgeCount()).isPositive();
        PrunedGraph.Edges edges = circuit.edges();
        assertThat(Arrays.stream(file.links().source()).map(i -> kept[i]).toArray())
                .isEqualTo(edges.source());
        assertThat(Arrays.stream(file.links().target()).map(i -> kept[i]).toArray())
                .isEqualTo(edges.target());
        assertThat(file.links().weight()).isEqualTo(edges.weight());
    }

    /** Nothing is lost at thresholds of 1, so the file's graph has the same circuit at any others. */
    @ParameterizedTest
    @EnumSource(IdDialect.class)
    void shouldGiveTheSameCircuitWhenTheWholeGraphWasExported(IdDialect dialect) throws IOException {
        AttributionGraph graph = graph(EXACT, PROMPT);
        GraphFile file = exported(Pruner.prune(graph, new PruningOptions(1, 1)), dialect);
        PruningOptions options = new PruningOptions(.7, .9);
        PrunedGraph expected = Pruner.prune(graph, options);

        FileGraph placed = FileGraph.of(file);
        PrunedGraph circuit = Pruner.prune(placed.graph(), options);

        GraphFile kept = placed.kept(circuit, options);
        assertThat(kept.nodes())
                .hasSize(expected.nodes().length)
                .hasSizeLessThan(file.nodes().size());
        assertThat(kept.links().weight())
                .isEqualTo(exported(expected, dialect).links().weight());
        assertThat(circuit.foldedScores().completeness())
                .isCloseTo(expected.foldedScores().completeness(), within(1e-5));
        assertThat(circuit.foldedScores().replacement())
                .isCloseTo(expected.foldedScores().replacement(), within(1e-5));
    }
}
