package io.circuitstream.circuits.truth;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** A mechanism with its middle features taken from a CLT, beside itself with them. */
record Deprived(Mechanism mechanism, List<Pair> pairs) {
    private static final Kind KIND = Kind.CROSS_LAYER;

    /** Prompts for each mechanism. */
    private static final int PROMPTS = 4;

    /**
     * One prompt, with and without.
     *
     * @param influence of the middle node, with
     * @param errorWith influence of the error node where the middle is
     */
    record Pair(
            Outcome with,
            Outcome without,
            double influence,
            double errorWith,
            double errorWithout,
            double completenessWith,
            double completenessWithout) {}

    static Deprived of(Mechanism mechanism, Path folder) throws IOException {
        List<Pair> pairs = new ArrayList<>();
        try (Built with = Built.of(mechanism, KIND, folder.resolve("with"));
                Built without = Built.of(
                        mechanism, KIND, folder.resolve("without"), feature -> !mechanism.isMiddle(feature.name()))) {
            mechanism.tasks().stream()
                    .filter(task -> mechanism.isMiddle(task.middle()))
                    .limit(PROMPTS)
                    .forEach(task -> pairs.add(pair(with, without, task)));
        }
        return new Deprived(mechanism, pairs);
    }

    private static Pair pair(Built with, Built without, Task task) {
        NamedGraph whole = with.graph(task);
        NamedGraph rest = without.graph(task);
        int middle = whole.node(task.middle());
        Nodes nodes = whole.graph().nodes();
        String error = "error " + nodes.layer(middle) + "@" + nodes.position(middle);
        return new Pair(
                Outcome.of(with, KIND, task),
                Outcome.of(without, KIND, task),
                whole.influence(middle),
                whole.influence(whole.node(error)),
                rest.influence(rest.node(error)),
                completeness(whole.graph()),
                completeness(rest.graph()));
    }

    private static double completeness(AttributionGraph graph) {
        return Influence.completenessScore(graph, Influence.of(graph));
    }

    private double mean(ToDoubleFunction<Pair> value) {
        return pairs.stream().mapToDouble(value).average().orElseThrow();
    }

    static String table(List<Deprived> all) {
        return """
                | mechanism | middle's influence | its error node's, with → without it | completeness | node AUROC | middle missing |
                |---|---|---|---|---|---|
                """
                + all.stream()
                        .map(d -> Page.row(
                                d,
                                Page.number(d.mean(Pair::influence)),
                                arrow(d.mean(Pair::errorWith), d.mean(Pair::errorWithout)),
                                arrow(d.mean(Pair::completenessWith), d.mean(Pair::completenessWithout)),
                                arrow(d.mean(p -> p.with().nodes()), d.mean(p -> p.without()
                                        .nodes())),
                                Page.percent(d.mean(p -> p.with().inGraph() ? 0 : 1)) + " → "
                                        + Page.percent(d.mean(p -> p.without().inGraph() ? 0 : 1))))
                        .collect(Collectors.joining());
    }

    private static String arrow(double with, double without) {
        return Page.number(with) + " → " + Page.number(without);
    }

    @Override
    public String toString() {
        return mechanism.title();
    }
}
