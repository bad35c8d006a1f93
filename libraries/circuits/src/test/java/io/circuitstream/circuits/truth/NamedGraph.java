package io.circuitstream.circuits.truth;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.circuits.truth.Truth.Edge;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** A graph whose nodes have the names that {@link Truth} gives them. */
final class NamedGraph {
    private final AttributionGraph graph;
    private final Nodes nodes;
    private final SparseRows rows;
    private final double[] influence;
    private final List<List<Feature>> features;
    private final List<String> names;

    /** @param features of each layer as the transcoder numbers them */
    NamedGraph(AttributionGraph graph, List<List<Feature>> features) {
        this.graph = graph;
        this.nodes = graph.nodes();
        this.rows = graph.rows();
        this.influence = Influence.of(graph);
        this.features = features;
        this.names = IntStream.range(0, nodes.count()).mapToObj(this::named).toList();
    }

    AttributionGraph graph() {
        return graph;
    }

    private Feature feature(int node) {
        return features.get(nodes.layer(node)).get(nodes.feature(node));
    }

    String name(int node) {
        return names.get(node);
    }

    /** Distractors of different layers have the same names: theirs carry the layer. */
    private String named(int node) {
        return switch (nodes.kind(node)) {
            case FEATURE ->
                (feature(node).isDistractor() ? nodes.layer(node) + " " : "")
                        + feature(node).name() + "@" + nodes.position(node);
            case ERROR -> "error " + nodes.layer(node) + "@" + nodes.position(node);
            case TOKEN -> Truth.token(nodes.position(node));
            case LOGIT -> Truth.LOGIT;
        };
    }

    /** The node of that name, −1 if there is none. */
    int node(String name) {
        return names.indexOf(name);
    }

    double influence(int node) {
        return influence[node];
    }

    /** Influence of every active feature and every token. */
    Map<String, Double> nodeScores() {
        Map<String, Double> scores = new LinkedHashMap<>();
        for (int i = 0; i < nodes.firstLogit(); i++) {
            if (nodes.kind(i) != Nodes.Kind.ERROR) {
                scores.put(name(i), influence[i]);
            }
        }
        return scores;
    }

    /** Â[t,s]·(infl[t] + w[t]) of every stored edge from a feature or a token; of several logits the sum. */
    Map<Edge, Double> edgeScores() {
        Map<Edge, Double> scores = new LinkedHashMap<>();
        for (int r = 0; r < rows.count(); r++) {
            int target = rows.rowNode()[r];
            for (int e = rows.begin(r); e < rows.end(r); e++) {
                if (nodes.kind(rows.col()[e]) != Nodes.Kind.ERROR) {
                    scores.merge(
                            new Edge(name(rows.col()[e]), name(target)),
                            rows.share(r, e) * (influence[target] + nodes.weight(target)),
                            Double::sum);
                }
            }
        }
        return scores;
    }

    /**
     * From each of these tokens the path to a logit with the largest product of Â and w, token first; errors take no part.
     * The strongest of the paths comes first; tokens without one are left out.
     */
    List<List<String>> strongestPaths(Set<String> tokens) {
        double[] best = new double[nodes.count()];
        int[] next = new int[nodes.count()];
        for (int i = nodes.firstLogit(); i < nodes.count(); i++) {
            best[i] = nodes.weight(i);
        }
        for (int r = rows.count() - 1; r >= 0; r--) {
            int target = rows.rowNode()[r];
            for (int e = rows.begin(r); e < rows.end(r); e++) {
                double through = best[target] * rows.share(r, e);
                if (through > best[rows.col()[e]]) {
                    best[rows.col()[e]] = through;
                    next[rows.col()[e]] = target;
                }
            }
        }
        return IntStream.range(nodes.firstToken(), nodes.firstLogit())
                .filter(token -> tokens.contains(name(token)) && best[token] > 0)
                .boxed()
                .sorted(Comparator.comparingDouble(token -> -best[token]))
                .map(token -> path(token, next))
                .toList();
    }

    private List<String> path(int from, int[] next) {
        List<String> path = new ArrayList<>();
        for (int at = from; at < nodes.firstLogit(); at = next[at]) {
            path.add(name(at));
        }
        path.add(Truth.LOGIT);
        return path;
    }

    /** Every token. */
    Set<String> tokens() {
        return new HashSet<>(names.subList(nodes.firstToken(), nodes.firstLogit()));
    }

    /** Features at the last position above the first layer, distractors apart: the mechanism's own. */
    Set<String> activeAtTheEnd() {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < nodes.featureCount(); i++) {
            boolean end = nodes.position(i) == nodes.positions() - 1 && nodes.layer(i) > 0;
            if (end && !feature(i).isDistractor()) {
                names.add(name(i));
            }
        }
        return names;
    }
}
