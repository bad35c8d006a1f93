package io.circuitstream.circuits.pruning;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import java.util.Arrays;

/**
 * A circuit's scores with what was removed folded into errors with its sign: what a target gets from removed features, errors and
 * edges of one layer and position (of a token: layer 0) is added up before its absolute value is taken. Effects of opposite signs
 * cancel, so that the scores flatter; they are those that Neuronpedia shows. Of entries that were not stored the sign is not known:
 * they count in full. One pass over the kept rows.
 */
final class SignedFolding {
    private final Nodes nodes;
    private final SparseRows rows;
    private final PrunedGraph circuit;
    private final double[] mass;
    /** [L·T] of one row. */
    private final double[] folded;

    private double tokens;
    private double errors;
    private double all;

    private SignedFolding(PrunedGraph circuit) {
        AttributionGraph graph = circuit.graph();
        this.circuit = circuit;
        this.nodes = graph.nodes();
        this.rows = graph.rows();
        this.mass = new double[nodes.count()];
        this.folded = new double[nodes.firstToken() - nodes.firstError()];
    }

    static PrunedGraph.Scores of(PrunedGraph circuit) {
        return new SignedFolding(circuit).scores();
    }

    private PrunedGraph.Scores scores() {
        for (int i = nodes.firstLogit(); i < nodes.count(); i++) {
            all += nodes.weight(i);
        }
        for (int r = rows.count() - 1; r >= 0; r--) {
            int target = rows.rowNode()[r];
            double total = mass[target] + nodes.weight(target);
            if (circuit.nodeKept()[target] && total != 0 && rows.absSum()[r] != 0) {
                passOn(r, total);
            }
        }
        return new PrunedGraph.Scores(
                tokens + errors == 0 ? 0 : tokens / (tokens + errors), all == 0 ? 0 : (all - errors) / all);
    }

    private void passOn(int row, double total) {
        Arrays.fill(folded, 0);
        double stored = 0;
        double explained = 0;
        for (int e = rows.begin(row); e < rows.end(row); e++) {
            float value = rows.val()[e];
            stored += Math.abs(value);
            if (explains(e)) {
                explained += Math.abs(value);
            } else {
                folded[slot(rows.col()[e])] += value;
            }
        }
        double error = Math.max(0, rows.absSum()[row] - stored);
        for (double value : folded) {
            error += Math.abs(value);
        }
        double sum = Math.max(explained + error, 1e-10);
        for (int e = circuit.edgeKept().nextSetBit(rows.begin(row));
                e >= 0 && e < rows.end(row);
                e = circuit.edgeKept().nextSetBit(e + 1)) {
            if (explains(e)) {
                double passed = total * Math.abs(rows.val()[e]) / sum;
                mass[rows.col()[e]] += passed;
                tokens += nodes.kind(rows.col()[e]) == Nodes.Kind.TOKEN ? passed : 0;
            }
        }
        errors += total * error / sum;
        all += total * (explained + error) / sum;
    }

    private boolean explains(int entry) {
        return circuit.edgeKept().get(entry) && nodes.kind(rows.col()[entry]) != Nodes.Kind.ERROR;
    }

    private int slot(int source) {
        return nodes.kind(source) == Nodes.Kind.ERROR
                ? source - nodes.firstError()
                : Math.max(0, nodes.layer(source)) * nodes.positions() + nodes.position(source);
    }
}
