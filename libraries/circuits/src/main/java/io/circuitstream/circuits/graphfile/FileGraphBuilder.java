package io.circuitstream.circuits.graphfile;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.LogitTarget;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.Nodes.Kind;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Sorts a file's nodes and links into an attribution graph. Single use. */
final class FileGraphBuilder {
    private static final String LABEL_START = "Output \"";
    private static final String LABEL_END = "\" (p=";

    private final GraphFile file;
    private final int positions;
    private final int[] nodeOf;

    FileGraphBuilder(GraphFile file) {
        this.file = file;
        this.positions = file.promptTokens().size();
        this.nodeOf = new int[file.nodes().size()];
    }

    FileGraph build() {
        Nodes nodes = nodes();
        int[] entryOf = new int[file.links().count()];
        SparseRows rows = rows(nodes, entryOf);
        return new FileGraph(file, AttributionGraph.ofRows(nodes, rows), nodeOf, entryOf);
    }

    private Nodes nodes() {
        int[] sorted = IntStream.range(0, nodeOf.length)
                .boxed()
                .sorted(Comparator.comparing(file.nodes()::get, GraphNode.GRAPH_ORDER))
                .mapToInt(Integer::intValue)
                .toArray();
        int features = (int)
                file.nodes().stream().filter(n -> n.kind() == Kind.FEATURE).count();
        int firstToken = features + file.layers() * positions;
        int[] tokenIds = new int[positions];
        Arrays.fill(tokenIds, -1);
        List<LogitTarget> targets = new ArrayList<>();
        for (int rank = 0; rank < sorted.length; rank++) {
            GraphNode node = file.nodes().get(sorted[rank]);
            nodeOf[sorted[rank]] = switch (node.kind()) {
                case FEATURE -> rank;
                case ERROR -> features + node.layer() * positions + node.position();
                case TOKEN -> firstToken + node.position();
                case LOGIT -> firstToken + positions + targets.size();
            };
            if (node.kind() == Kind.TOKEN) {
                tokenIds[node.position()] = node.feature();
            } else if (node.kind() == Kind.LOGIT) {
                targets.add(new LogitTarget(node.feature(), token(node.label()), node.value()));
            }
        }
        float[] errorNorm = new float[file.layers() * positions];
        Arrays.fill(errorNorm, Float.NaN);
        return new Nodes(
                file.layers(),
                0,
                tokenIds,
                file.promptTokens(),
                features(Arrays.copyOf(sorted, features)),
                errorNorm,
                List.copyOf(targets));
    }

    private ActiveFeatures features(int[] sorted) {
        int[] layer = new int[sorted.length];
        int[] position = new int[sorted.length];
        int[] index = new int[sorted.length];
        float[] activation = new float[sorted.length];
        int[] layerStart = new int[file.layers() + 1];
        for (int i = 0; i < sorted.length; i++) {
            GraphNode node = file.nodes().get(sorted[i]);
            layer[i] = node.layer();
            position[i] = node.position();
            index[i] = node.feature();
            activation[i] = node.value();
            layerStart[node.layer() + 1]++;
        }
        Arrays.parallelPrefix(layerStart, Integer::sum);
        return new ActiveFeatures(layer, position, index, activation, layerStart);
    }

    /** The token of {@code Output "tok" (p=0.123)}; any other label is the token itself. */
    private static String token(String label) {
        int end = label.lastIndexOf(LABEL_END);
        return label.startsWith(LABEL_START) && end >= LABEL_START.length()
                ? label.substring(LABEL_START.length(), end)
                : label;
    }

    private SparseRows rows(Nodes nodes, int[] entryOf) {
        Links links = file.links();
        Arrays.fill(entryOf, -1);
        int[] sorted = IntStream.range(0, links.count())
                .filter(link -> links.weight()[link] != 0)
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(link -> nodeOf[links.target()[link]])
                        .thenComparingInt(link -> nodeOf[links.source()[link]]))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] rowNode = IntStream.concat(
                        IntStream.range(0, nodes.featureCount()), IntStream.range(nodes.firstLogit(), nodes.count()))
                .toArray();
        long[] rowPtr = new long[rowNode.length + 1];
        int[] col = new int[sorted.length];
        float[] val = new float[sorted.length];
        float[] absSum = new float[rowNode.length];
        float[] value = new float[rowNode.length];
        int entry = 0;
        for (int r = 0; r < rowNode.length; r++) {
            double sum = 0;
            for (; entry < sorted.length && nodeOf[links.target()[sorted[entry]]] == rowNode[r]; entry++) {
                entryOf[sorted[entry]] = entry;
                col[entry] = nodeOf[links.source()[sorted[entry]]];
                val[entry] = links.weight()[sorted[entry]];
                sum += Math.abs(val[entry]);
            }
            rowPtr[r + 1] = entry;
            absSum[r] = (float) sum;
            value[r] = rowNode[r] < nodes.firstLogit() ? nodes.value(rowNode[r]) : Float.NaN;
        }
        return new SparseRows(rowNode, rowPtr, col, val, absSum, new float[rowNode.length], value);
    }
}
