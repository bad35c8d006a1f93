package io.circuitstream.standalone.trace;

import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.Claim;
import io.circuitstream.events.ClaimVerdict;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.NodeKind;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.TokenProbability;
import io.circuitstream.events.ValidationReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A trace as a few lines for a person. */
public final class TracePrinter {
    private static final int SHOWN_LOGITS = 4;
    private static final List<String> STAGES = List.of("inference", "attribution", "pruning", "validation");

    private final boolean colour;

    /** @param colour whether the terminal understands escape sequences */
    public TracePrinter(boolean colour) {
        this.colour = colour;
    }

    public String of(Trace trace) {
        InferenceCompleted inference = trace.inference();
        StringBuilder out = new StringBuilder();
        String prompt = inference.getTokens().isEmpty()
                ? asked(trace.report().getRequest())
                : String.join(" ", inference.getTokens());
        out.append(bold(safe(prompt)))
                .append("  ")
                .append(dim(safe(inference.getPromptId())))
                .append('\n');
        inference
                .getWarnings()
                .forEach(w -> out.append("  warning     ").append(safe(w)).append('\n'));
        if (!trace.ok()) {
            return out.append("  ")
                    .append(red("FAILED"))
                    .append("      ")
                    .append(safe(String.valueOf(trace.report().getMessage())))
                    .append('\n')
                    .toString();
        }
        line(out, "next token", logits(inference.getTopLogits()) + agreement(inference));
        Circuit circuit = trace.circuit();
        line(out, "circuit", circuit(circuit));
        CircuitText.size(circuit).ifPresent(text -> line(out, "size", text));
        omissions(circuit).ifPresent(text -> line(out, "left out", text));
        line(out, "scores", scores(circuit));
        String name = "paths";
        for (String path : CircuitText.paths(circuit)) {
            line(out, name, path);
            name = "";
        }
        CircuitText.supernodes(circuit).ifPresent(text -> line(out, "supernodes", text));
        line(out, "validation", validation(trace.report()));
        line(out, "time", time(trace));
        return out.toString();
    }

    private static String asked(PromptSubmitted request) {
        if (request.getText() != null) {
            return request.getText();
        }
        return request.getMessages() != null
                ? request.getMessages().stream()
                        .map(m -> m.getRole() + ": " + m.getContent())
                        .collect(Collectors.joining(" | "))
                : "token ids " + request.getTokenIds();
    }

    private static void line(StringBuilder out, String name, String text) {
        out.append(String.format(Locale.ROOT, "  %-12s%s%n", name, text));
    }

    private String logits(List<TokenProbability> top) {
        return top.stream()
                .limit(SHOWN_LOGITS)
                .filter(t -> t.getProbability() >= .0005)
                .map(t -> bold(safe(t.getToken())) + String.format(Locale.ROOT, " %.3f", t.getProbability()))
                .collect(Collectors.joining("  "));
    }

    private String agreement(InferenceCompleted inference) {
        return dim(
                inference.getAgreement().getSameTopToken()
                        ? "  (replacement model agrees)"
                        : "  (replacement model says "
                                + safe(inference.getAgreement().getTopToken()) + ")");
    }

    private static String circuit(Circuit circuit) {
        Map<NodeKind, Long> kinds =
                circuit.getNodes().stream().collect(Collectors.groupingBy(CircuitNode::getKind, Collectors.counting()));
        return String.format(
                Locale.ROOT,
                "%s, %s, %s, %s; %d edges   (of %d active features, %d edges)",
                count(kinds, NodeKind.FEATURE, "feature"),
                count(kinds, NodeKind.ERROR, "error"),
                count(kinds, NodeKind.TOKEN, "token"),
                count(kinds, NodeKind.LOGIT, "logit"),
                circuit.getEdgeWeight().remaining() / Float.BYTES,
                circuit.getActiveFeatures(),
                circuit.getStoredEdges());
    }

    private static String count(Map<NodeKind, Long> kinds, NodeKind kind, String name) {
        long n = kinds.getOrDefault(kind, 0L);
        return n + " " + name + (n == 1 ? "" : "s");
    }

    /** What the graph does not have, and how much influence any node may be missing for it. */
    private static Optional<String> omissions(Circuit circuit) {
        List<String> parts = new ArrayList<>();
        if (circuit.getSkippedRows() > 0) {
            parts.add(String.format(
                    Locale.ROOT,
                    "%,d features without a row (influence at most %.4f)",
                    circuit.getSkippedRows(),
                    circuit.getSkippedInfluenceBound()));
        }
        if (circuit.getLeftOutEdges() > 0) {
            parts.add(String.format(
                    Locale.ROOT,
                    "%,d edges to fit a record (at most %.4f)",
                    circuit.getLeftOutEdges(),
                    circuit.getLeftOutInfluenceBound()));
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", parts));
    }

    private static String scores(Circuit circuit) {
        return String.format(
                Locale.ROOT,
                "graph: replacement %.3f, completeness %.3f   circuit: %.3f, %.3f",
                circuit.getReplacementScore(),
                circuit.getCompletenessScore(),
                circuit.getCircuitReplacementScore(),
                circuit.getCircuitCompletenessScore());
    }

    private String validation(ValidationReport report) {
        String verdict =
                switch (report.getVerdict()) {
                    case SUPPORTED -> green("SUPPORTED");
                    case UNSUPPORTED -> red("UNSUPPORTED");
                    default -> report.getVerdict().name();
                };
        String text = String.format(
                Locale.ROOT,
                "%s   %d claims: %d confirmed, %d refuted, %d inconclusive",
                verdict,
                report.getClaims().size(),
                report.getConfirmed(),
                report.getRefuted(),
                report.getInconclusive());
        text += supernodes(report).map(about -> " (" + about + ")").orElse("");
        return report.getSpearman() == null || report.getBestSpearman() == null
                ? text
                : text
                        + String.format(
                                Locale.ROOT,
                                "; Spearman %.2f (model's gradient %.2f)",
                                report.getSpearman(),
                                report.getBestSpearman());
    }

    /** What became of the claims about supernodes, which the counts of all contain. */
    private static Optional<String> supernodes(ValidationReport report) {
        List<Claim> about = report.getClaims().stream()
                .filter(claim -> !claim.getSources().isEmpty())
                .toList();
        long confirmed = about.stream()
                .filter(claim -> claim.getVerdict() == ClaimVerdict.CONFIRMED)
                .count();
        long refuted = about.stream()
                .filter(claim -> claim.getVerdict() == ClaimVerdict.REFUTED)
                .count();
        return about.isEmpty()
                ? Optional.empty()
                : Optional.of(about.size() + " about supernodes: " + confirmed + " confirmed, " + refuted + " refuted");
    }

    private static String time(Trace trace) {
        String stages = STAGES.stream()
                .filter(trace.stageMs()::containsKey)
                .map(s -> s + " " + trace.stageMs().get(s) + " ms")
                .collect(Collectors.joining(", "));
        return stages + (stages.isEmpty() ? "" : "; ") + trace.totalMs() + " ms in all";
    }

    /** Text of a prompt may hold escape sequences: a terminal must not obey them. */
    public static String safe(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '\uFFFD' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private String bold(String text) {
        return escape("1", text);
    }

    private String dim(String text) {
        return escape("2", text);
    }

    private String green(String text) {
        return escape("32", text);
    }

    private String red(String text) {
        return escape("31", text);
    }

    private String escape(String code, String text) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
