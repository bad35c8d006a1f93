package io.circuitstream.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import org.junit.jupiter.api.Test;

class SyntheticGraphTest {
    private static final int COUNT = 1_000;
    private static final int EDGES = 20_000;

    private final AttributionGraph graph = SyntheticGraph.of(COUNT, EDGES, 1);
    private final Nodes nodes = graph.nodes();
    private final SparseRows rows = graph.rows();

    @Test
    void shouldHaveTheSizesThatWereAskedForWhenMade() {
        assertThat(nodes.count()).isEqualTo(COUNT);
        assertThat(rows.col()).hasSize(EDGES);
        assertThat(rows.rowPtr()).hasSize(rows.count() + 1).endsWith(EDGES);
        assertThat(nodes.features().layerStart()).hasSize(nodes.layers() + 1).endsWith(nodes.featureCount());
    }

    @Test
    void shouldHaveEdgesOnlyFromLowerLayersAndEarlierPositionsWhenMade() {
        for (int row = 0; row < rows.count(); row++) {
            int target = rows.rowNode()[row];
            double sum = 0;
            for (int edge = rows.begin(row); edge < rows.end(row); edge++) {
                int source = rows.col()[edge];
                assertThat(nodes.layer(source)).isLessThan(nodes.layer(target));
                assertThat(nodes.position(source)).isLessThanOrEqualTo(nodes.position(target));
                assertThat(edge == rows.begin(row) || rows.col()[edge - 1] < source)
                        .as("ascending")
                        .isTrue();
                sum += Math.abs(rows.val()[edge]);
            }
            assertThat((double) rows.absSum()[row]).isEqualTo((float) sum);
        }
    }

    @Test
    void shouldSpreadEdgesOverAllRowsWhenThereAreMorePairs() {
        int half = 0;
        for (int row = rows.count() / 2; row < rows.count(); row++) {
            half += rows.end(row) - rows.begin(row);
        }
        assertThat(half).isBetween(EDGES / 2, EDGES * 9 / 10);
    }

    @Test
    void shouldBeTheSameWhenTheSeedIs() {
        assertThat(SyntheticGraph.of(COUNT, EDGES, 1).rows().val()).isEqualTo(rows.val());
        assertThat(SyntheticGraph.of(COUNT, EDGES, 2).rows().val()).isNotEqualTo(rows.val());
    }

    @Test
    void shouldRefuseWhenNoSuchGraphExists() {
        assertThatThrownBy(() -> SyntheticGraph.of(400, 10, 1)).hasMessageContaining("more than 426 nodes");
        assertThatThrownBy(() -> SyntheticGraph.of(500, 1_000_000, 1)).hasMessageContaining("edges, not 1000000");
    }
}
