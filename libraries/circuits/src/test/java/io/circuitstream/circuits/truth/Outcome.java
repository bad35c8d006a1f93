package io.circuitstream.circuits.truth;

import io.circuitstream.circuits.pruning.Pruner;
import io.circuitstream.circuits.pruning.PruningOptions;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the model says to one prompt, and its graph against the truth.
 *
 * @param nodes AUROC of influence, of all features that are active and all tokens
 * @param edges AUROC of the edge scores, of all edges that are stored
 * @param randomNodes AUROC of random scores of the same
 * @param paths the strongest path from each of the circuit's tokens to the logit
 * @param truePaths whether these, and the strongest path of any token, have true edges only, and one leads through what the task says
 * @param strangers features of the mechanism that are active at the end and not in the truth
 * @param inGraph whether the middle has its edges in the graph; true where there is no middle
 * @param inCircuit whether pruning keeps it with default thresholds
 * @param inLargerCircuit whether pruning keeps it at a node threshold of 0.95
 */
record Outcome(
        Task task,
        String said,
        double conservation,
        double nodes,
        double edges,
        double randomNodes,
        double randomEdges,
        List<List<String>> paths,
        boolean truePaths,
        Set<String> strangers,
        boolean inGraph,
        boolean inCircuit,
        boolean inLargerCircuit) {

    private static final int DRAWS = 5;
    private static final PruningOptions LARGER = new PruningOptions(.95, PruningOptions.DEFAULT.edgeThreshold());

    static Outcome of(Built built, Kind kind, Task task) {
        try (LocalReplacementModel local = built.local(task)) {
            String said = built.answer(local, new double[built.wiring().tokens().size()]);
            return of(built.graph(task, local), kind, task, said);
        }
    }

    private static Outcome of(NamedGraph graph, Kind kind, Task task, String said) {
        Set<String> nodes = task.truth().nodes(kind);
        Set<Truth.Edge> edges = task.truth().edges(kind);
        Random random = new Random(9);
        double randomNodes = 0;
        double randomEdges = 0;
        for (int i = 0; i < DRAWS; i++) {
            randomNodes += Scores.chance(graph.nodeScores(), nodes, random) / DRAWS;
            randomEdges += Scores.chance(graph.edgeScores(), edges, random) / DRAWS;
        }
        List<List<String>> paths = graph.strongestPaths(nodes);
        List<String> strongest = graph.strongestPaths(graph.tokens()).get(0);
        boolean all = paths.size() == nodes.stream().filter(Truth::isToken).count();
        boolean through = task.through().isEmpty() || paths.stream().anyMatch(path -> path.contains(task.through()));
        Set<String> strangers = new TreeSet<>(graph.activeAtTheEnd());
        strangers.removeAll(nodes);
        return new Outcome(
                task,
                said,
                graph.graph().conservationError(),
                Scores.auroc(graph.nodeScores(), nodes),
                Scores.auroc(graph.edgeScores(), edges),
                randomNodes,
                randomEdges,
                paths,
                all
                        && through
                        && edges.containsAll(Truth.edges(strongest))
                        && paths.stream().allMatch(path -> edges.containsAll(Truth.edges(path))),
                strangers,
                task.middle().isEmpty() || inGraph(graph, edges, task.middle()),
                task.middle().isEmpty() || inCircuit(graph, PruningOptions.DEFAULT, task.middle()),
                task.middle().isEmpty() || inCircuit(graph, LARGER, task.middle()));
    }

    /** Active, with every true edge from and to it stored. */
    private static boolean inGraph(NamedGraph graph, Set<Truth.Edge> edges, String middle) {
        return graph.node(middle) >= 0
                && edges.stream()
                        .filter(edge ->
                                edge.source().equals(middle) || edge.target().equals(middle))
                        .allMatch(graph.edgeScores()::containsKey);
    }

    private static boolean inCircuit(NamedGraph graph, PruningOptions options, String middle) {
        int node = graph.node(middle);
        return node >= 0 && Pruner.prune(graph.graph(), options).nodeKept()[node];
    }
}
