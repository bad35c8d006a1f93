package io.circuitstream.circuits.picture;

import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.Nodes.Kind;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.circuits.pruning.PrunedGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The part of a circuit that is drawn.
 *
 * @param nodes in graph order
 * @param edges the weakest first, so that the strongest lie on top
 * @param positions with a column, ascending
 */
record ShownPart(List<Integer> nodes, List<Edge> edges, List<Integer> positions) {
    /** From here on only positions with something to show have a column. */
    private static final int MOST_COLUMNS = 40;

    /**
     * An edge of the circuit.
     *
     * @param share of the target's input, 0 to 1
     * @param score share times what depends on the target, as edges are pruned by
     */
    record Edge(int target, int source, float weight, double share, double score) {}

    static ShownPart of(PrunedGraph circuit, PictureSize size) {
        Nodes all = circuit.graph().nodes();
        Set<Integer> drawn = new HashSet<>(strongest(circuit, size.nodes()));
        IntStream.range(all.firstToken(), all.count()).forEach(drawn::add);
        List<Edge> edges = edges(circuit, drawn, size.edges());
        Set<Integer> touched = new HashSet<>();
        edges.forEach(e -> {
            touched.add(e.source());
            touched.add(e.target());
        });
        boolean narrow = all.positions() <= MOST_COLUMNS;
        drawn.removeIf(node -> all.kind(node) == Kind.TOKEN && !narrow && !touched.contains(node));
        drawn.removeIf(node -> all.kind(node) == Kind.LOGIT && !touched.contains(node));
        List<Integer> nodes = drawn.stream().sorted().toList();
        List<Integer> positions =
                nodes.stream().map(all::position).distinct().sorted().toList();
        return new ShownPart(nodes, edges, positions);
    }

    /** Features and errors, ties in graph order. */
    private static List<Integer> strongest(PrunedGraph circuit, int most) {
        return Arrays.stream(circuit.nodes())
                .filter(i -> i < circuit.graph().nodes().firstToken())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -circuit.influence()[i]))
                .limit(most)
                .toList();
    }

    private static List<Edge> edges(PrunedGraph circuit, Set<Integer> drawn, int most) {
        List<Edge> strongestFirst = candidates(circuit, drawn);
        Set<Edge> chosen = new LinkedHashSet<>(strongestFirst.subList(0, Math.min(most, strongestFirst.size())));
        Set<Integer> fed = new HashSet<>();
        Set<Integer> read = new HashSet<>();
        for (Edge edge : strongestFirst) {
            boolean first = fed.add(edge.target());
            first |= read.add(edge.source())
                    && edge.source() < circuit.graph().nodes().firstToken();
            if (first) {
                chosen.add(edge);
            }
        }
        return chosen.stream()
                .sorted(Comparator.comparingDouble(Edge::share)
                        .thenComparing(Edge::target)
                        .thenComparing(Edge::source))
                .toList();
    }

    private static List<Edge> candidates(PrunedGraph circuit, Set<Integer> drawn) {
        Nodes nodes = circuit.graph().nodes();
        SparseRows rows = circuit.graph().rows();
        PrunedGraph.Edges edges = circuit.edges();
        List<Edge> candidates = new ArrayList<>();
        for (int i = 0; i < edges.weight().length; i++) {
            int target = edges.target()[i];
            int source = edges.source()[i];
            if (drawn.contains(target) && drawn.contains(source)) {
                double share = Math.abs(edges.weight()[i]) / Math.max(rows.absSum()[rows.rowOf(target)], 1e-10);
                double score = share * (circuit.influence()[target] + nodes.weight(target));
                candidates.add(new Edge(target, source, edges.weight()[i], share, score));
            }
        }
        candidates.sort(Comparator.comparingDouble(edge -> -edge.score()));
        return candidates;
    }
}
