package io.circuitstream.circuits.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.circuits.intervention.Change;
import io.circuitstream.circuits.intervention.Interventions;
import io.circuitstream.circuits.intervention.Mode;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * circuits.md §5: what holds for every model and every transcoder, on a graph that keeps every entry.
 *
 * @param size of the largest values, which single precision is relative to
 */
public record Exactness(LocalReplacementModel local, AttributionGraph graph, double size) {

    /** Σ A + bias = value, on every row. */
    public void assertConserved() {
        SparseRows rows = graph.rows();
        for (int r = 0; r < rows.count(); r++) {
            double sum = rows.bias()[r];
            double mass = Math.abs(rows.bias()[r]);
            for (int e = rows.begin(r); e < rows.end(r); e++) {
                sum += rows.val()[e];
                mass += Math.abs(rows.val()[e]);
            }
            assertThat(sum).as("row %d", r).isCloseTo(rows.value()[r], within(1e-5 * mass));
        }
        assertThat(graph.conservationError()).isLessThan(1e-5);
    }

    /** Doubling a feature, everything frozen, moves everything by its column. */
    public void assertFeaturesPredict() {
        int count = graph.nodes().featureCount();
        new Random(5).ints(0, count).distinct().limit(Math.min(100, count)).forEach(f -> {
            float doubled = 2 * local.features().activation()[f];
            assertMoves(f, Change.feature(local, f, doubled, Change.Layers.ALL_WRITTEN));
        });
    }

    /** Adding an error or a token embedding once more moves everything by its column. */
    public void assertErrorsAndTokensPredict() {
        Nodes nodes = graph.nodes();
        int d = local.model().config().width();
        for (int l = 0; l < nodes.layers(); l++) {
            for (int p = nodes.masked(); p < nodes.positions(); p++) {
                float[][] at = new float[nodes.layers()][];
                at[l] = new float[nodes.positions() * d];
                System.arraycopy(local.error(l, p), 0, at[l], p * d, d);
                assertMoves(nodes.error(l, p), new Change(null, at));
            }
        }
        float[] embedded = local.model().embed(local.pass().tokens()).toFloatArray();
        for (int p = 0; p < nodes.positions(); p++) {
            float[] at = new float[nodes.positions() * d];
            System.arraycopy(embedded, p * d, at, p * d, d);
            assertMoves(nodes.firstToken() + p, new Change(at, null));
        }
    }

    /** Five times the change has five times the effect. */
    public void assertLinear() {
        Interventions interventions = new Interventions(local);
        float a = local.features().activation()[0];
        double[] once = interventions
                .run(Change.feature(local, 0, 2 * a, Change.Layers.ALL_WRITTEN), Mode.DIRECT)
                .demeanedLogits();
        double[] fivefold = interventions
                .run(Change.feature(local, 0, 6 * a, Change.Layers.ALL_WRITTEN), Mode.DIRECT)
                .demeanedLogits();
        for (int v = 0; v < once.length; v++) {
            assertThat(fivefold[v]).isCloseTo(5 * once[v], within(1e-4 * size));
        }
    }

    /** No edge comes from a later position, or from the target's own layer or above. */
    public void assertCausal() {
        Nodes nodes = graph.nodes();
        SparseRows rows = graph.rows();
        for (int r = 0; r < rows.count(); r++) {
            int target = rows.rowNode()[r];
            for (int e = rows.begin(r); e < rows.end(r); e++) {
                int source = rows.col()[e];
                assertThat(nodes.position(source)).isLessThanOrEqualTo(nodes.position(target));
                assertThat(nodes.layer(source)).isLessThan(nodes.layer(target));
            }
        }
    }

    /** What leaves hold of the influence is all of it. */
    public void assertInfluenceReachesLeaves() {
        double[] influence = Influence.of(graph);
        double leaves = IntStream.range(
                        graph.nodes().firstError(), graph.nodes().firstLogit())
                .mapToDouble(i -> influence[i])
                .sum();
        double weights = graph.nodes().targets().stream()
                .mapToDouble(t -> t.probability())
                .sum();
        assertThat(leaves).isCloseTo(weights, within(1e-5));
    }

    private void assertMoves(int column, Change change) {
        Interventions.Effect effect = new Interventions(local).run(change, Mode.DIRECT);
        for (int f = 0; f < graph.nodes().featureCount(); f++) {
            assertThat(effect.preActivations()[f])
                    .as("feature %d from node %d", f, column)
                    .isCloseTo(graph.rows().get(f, column), within(5e-4 * size));
        }
        for (int k = graph.nodes().firstLogit(); k < graph.nodes().count(); k++) {
            double expected = graph.rows().get(k, column);
            assertThat(effect.demeanedLogits()[graph.nodes().feature(k)])
                    .as("logit %d from node %d", k, column)
                    .isCloseTo(expected, within(1e-5 * size + 1e-3 * Math.abs(expected)));
        }
    }
}
