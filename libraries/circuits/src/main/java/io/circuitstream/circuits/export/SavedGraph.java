package io.circuitstream.circuits.export;

import io.circuitstream.circuits.files.SafetensorsWriter;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.Omissions;
import io.circuitstream.circuits.graph.SparseRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The unpruned graph as one safetensors file (cli.md, {@code --save-graph}). */
public final class SavedGraph {
    private SavedGraph() {}

    /**
     * Writes the file, replacing one that is there.
     *
     * @param provenance into the header's metadata
     */
    public static void write(Path file, AttributionGraph graph, Map<String, String> provenance) throws IOException {
        Nodes nodes = graph.nodes();
        int n = nodes.count();
        int[] kind = new int[n];
        int[] layer = new int[n];
        int[] position = new int[n];
        int[] feature = new int[n];
        float[] value = new float[n];
        for (int i = 0; i < n; i++) {
            kind[i] = nodes.kind(i).code();
            layer[i] = nodes.layer(i);
            position[i] = nodes.position(i);
            feature[i] = nodes.feature(i);
            value[i] = nodes.value(i);
        }
        SparseRows rows = graph.rows();
        SafetensorsWriter writer = new SafetensorsWriter();
        provenance.forEach(writer::metadata);
        Omissions omissions = graph.omissions();
        writer.metadata("skippedRows", Integer.toString(omissions.skippedRows()));
        writer.metadata("skippedInfluenceBound", Double.toString(omissions.skippedInfluenceBound()));
        writer.metadata("leftOutEdges", Long.toString(omissions.leftOutEdges()));
        writer.metadata("leftOutInfluenceBound", Double.toString(omissions.leftOutInfluenceBound()));
        writer.ints("node_kind", kind)
                .ints("node_layer", layer)
                .ints("node_position", position)
                .ints("node_feature", feature)
                .tensor("node_value", value, n)
                .ints("row_node", rows.rowNode())
                .longs("row_ptr", rows.rowPtr())
                .ints("col", rows.col())
                .tensor("val", rows.val(), rows.val().length)
                .tensor("row_abs_sum", rows.absSum(), rows.count())
                .tensor("row_bias", rows.bias(), rows.count())
                .tensor("row_value", rows.value(), rows.count())
                .ints("tokens", nodes.tokenIds())
                .write(file);
    }
}
