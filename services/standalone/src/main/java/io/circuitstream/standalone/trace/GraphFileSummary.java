package io.circuitstream.standalone.trace;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.LogitTarget;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graphfile.FileGraph;
import io.circuitstream.circuits.graphfile.GraphFile;
import io.circuitstream.circuits.pruning.PrunedGraph;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@code circuit} says of a graph file. Scores are of the file's own links: what was removed before the file was
 * written does not count as error.
 *
 * @param circuit null when nothing was to be pruned
 * @param kept the file of the circuit, or the whole file
 */
public record GraphFileSummary(FileGraph graph, @Nullable PrunedGraph circuit, GraphFile kept) {
    private static final int SHOWN_LOGITS = 4;

    /** The document of {@code circuit --json}; the scores are named as in {@code trace --json}. */
    public ObjectNode json() {
        GraphFile file = graph.file();
        ObjectNode json = new ObjectMapper()
                .createObjectNode()
                .put("slug", file.slug())
                .put("scan", file.scan())
                .put("prompt", file.prompt());
        file.nodeThreshold().ifPresent(threshold -> json.put("fileNodeThreshold", threshold));
        file.warnings().forEach(json.putArray("warnings")::add);
        file.promptTokens().forEach(json.putArray("tokens")::add);
        json.putArray("logits");
        logits().forEach(t -> json.withArray("logits")
                .addObject()
                .put("token", t.token())
                .put("id", t.tokenId())
                .put("probability", t.probability()));
        json.put("fileNodes", file.nodes().size())
                .put("fileEdges", file.links().count())
                .put("nodes", kept.nodes().size())
                .put("edges", kept.links().count());
        ObjectNode kinds = json.putObject("nodesByKind");
        for (Nodes.Kind kind : Nodes.Kind.values()) {
            kinds.put(kind.name().toLowerCase(Locale.ROOT), count(kept, kind));
        }
        PrunedGraph.Scores whole = wholeScores();
        PrunedGraph.Scores pruned = circuit == null ? whole : circuit.foldedScores();
        return json.put("replacementScore", whole.replacement())
                .put("completenessScore", whole.completeness())
                .put("circuitReplacementScore", pruned.replacement())
                .put("circuitCompletenessScore", pruned.completeness());
    }

    /** A few lines for a person, in the layout of {@link TracePrinter}. */
    public String text() {
        GraphFile file = graph.file();
        StringBuilder out = new StringBuilder(TracePrinter.safe(String.join(" ", file.promptTokens())))
                .append("  ")
                .append(TracePrinter.safe(file.slug()));
        file.warnings().forEach(warning -> line(out, "warning", warning));
        line(
                out,
                "next token",
                logits().stream()
                        .limit(SHOWN_LOGITS)
                        .map(t -> String.format(Locale.ROOT, "%s %.3f", TracePrinter.safe(t.token()), t.probability()))
                        .collect(Collectors.joining("  ")));
        line(out, "circuit", counts());
        line(out, "scores", "what is in the file: " + scores(wholeScores()));
        if (circuit != null) {
            line(out, "", "circuit: " + scores(circuit.foldedScores()));
        }
        line(out, "transcoder", TracePrinter.safe(file.scan()));
        return out.toString();
    }

    private static void line(StringBuilder out, String name, String text) {
        out.append(String.format(Locale.ROOT, "%n  %-12s%s", name, text));
    }

    private String counts() {
        String kinds = Arrays.stream(Nodes.Kind.values())
                .map(kind -> {
                    long n = count(kept, kind);
                    return n + " " + kind.name().toLowerCase(Locale.ROOT) + (n == 1 ? "" : "s");
                })
                .collect(Collectors.joining(", "));
        GraphFile file = graph.file();
        return String.format(
                Locale.ROOT,
                "%s; %d edges   (of %d nodes, %d edges in the file)",
                kinds,
                kept.links().count(),
                file.nodes().size(),
                file.links().count());
    }

    private static long count(GraphFile file, Nodes.Kind kind) {
        return file.nodes().stream().filter(node -> node.kind() == kind).count();
    }

    private List<LogitTarget> logits() {
        return graph.graph().nodes().targets().stream()
                .sorted(Comparator.comparingDouble(LogitTarget::probability).reversed())
                .toList();
    }

    private static String scores(PrunedGraph.Scores scores) {
        return String.format(
                Locale.ROOT, "replacement %.3f, completeness %.3f", scores.replacement(), scores.completeness());
    }

    private PrunedGraph.Scores wholeScores() {
        AttributionGraph all = graph.graph();
        double[] influence = Influence.of(all);
        return new PrunedGraph.Scores(
                Influence.replacementScore(all.nodes(), influence), Influence.completenessScore(all, influence));
    }
}
