package io.circuitstream.circuits.picture;

import static io.circuitstream.circuits.picture.PictureText.escaped;
import static io.circuitstream.circuits.picture.PictureText.number;

import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.Nodes.Kind;
import io.circuitstream.circuits.pruning.PrunedGraph;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A circuit as an SVG document: positions from left to right, layers from bottom to top. What is not drawn is counted in the
 * picture. The same circuit gives the same bytes. Needs no font or file beside it and follows a reader's dark mode.
 */
public final class CircuitPicture {
    private static final String STYLE = """
            <style>.bg{fill:#fff}.fg{fill:#24292f}.mut{fill:#57606a}.grid{stroke:#eaeef2}.pos{stroke:#1a7f37}.neg{stroke:#8250df;\
            stroke-dasharray:5 4}.feat{fill:#24292f}.err{fill:#bc4c00}.end{fill:#0969da}.id{fill:#24292f;stroke:#fff;stroke-width:3;\
            paint-order:stroke;font-size:10px}@media(prefers-color-scheme:dark){.bg{fill:#0d1117}.fg{fill:#e6edf3}.mut{fill:#8d96a0}\
            .grid{stroke:#21262d}.pos{stroke:#3fb950}.neg{stroke:#bc8cff}.feat{fill:#e6edf3}.err{fill:#f0883e}.end{fill:#58a6ff}\
            .id{fill:#e6edf3;stroke:#0d1117}}</style>
            """;
    private static final String NODES = "● feature: layer/index, ◆ error, ■ token or logit";
    private static final String EDGES =
            "Green adds, dashed purple takes away; a line's width is the root of its share of what the target reads.";
    private static final double TOP = 48;
    private static final double LEAST_WIDTH = 760;
    private static final double LINE = 17;
    private static final String MIDDLE = " text-anchor=\"middle\"";

    private final PrunedGraph circuit;
    private final Nodes nodes;
    private final FeatureLabels labels;
    private final ShownPart part;
    private final PictureLayout layout;
    private final StringBuilder svg = new StringBuilder();

    private CircuitPicture(PrunedGraph circuit, FeatureLabels labels, PictureSize size) {
        this.circuit = circuit;
        this.nodes = circuit.graph().nodes();
        this.labels = labels;
        this.part = ShownPart.of(circuit, size);
        this.layout = new PictureLayout(nodes, part, TOP, LEAST_WIDTH);
    }

    /**
     * The document.
     *
     * @param title what the circuit is of, usually the prompt
     */
    public static String of(PrunedGraph circuit, String title, FeatureLabels labels, PictureSize size) {
        return new CircuitPicture(circuit, labels, size).draw(title);
    }

    private String draw(String title) {
        List<String> lines = List.of(extent(), NODES, EDGES);
        List<String> named = named();
        int columns = named.size() > 1 ? 2 : 1;
        int deep = (named.size() + columns - 1) / columns;
        double height = layout.bottom() + LINE * (lines.size() + deep) + 24;
        head(title, height);
        grid();
        part.edges().forEach(this::edge);
        part.nodes().forEach(this::node);
        double y = layout.bottom() + 14;
        for (String line : lines) {
            y += LINE;
            text("mut", 14, y, "", line);
        }
        double wide = (layout.width() - 28) / columns;
        int fits = (int) (wide / PictureText.width("x", PictureLayout.TEXT));
        for (int i = 0; i < named.size(); i++) {
            int column = i / deep;
            text(
                    "fg",
                    14 + column * wide,
                    y + 4 + LINE * (i % deep + 1),
                    "",
                    PictureText.shortened(named.get(i), fits));
        }
        return svg.append("</svg>\n").toString();
    }

    private void head(String title, double height) {
        String box = number(layout.width()) + " " + number(height);
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(box)
                .append(
                        "\" role=\"img\" aria-labelledby=\"t d\" font-family=\"system-ui,sans-serif\" font-size=\"12\">\n<title")
                .append(" id=\"t\">Circuit of “")
                .append(escaped(title))
                .append("”</title><desc id=\"d\">Token positions from left to right, layers from bottom to top. ")
                .append(escaped(extent()))
                .append("</desc>\n")
                .append(STYLE)
                .append("<rect class=\"bg\" width=\"")
                .append(box.replace(" ", "\" height=\""))
                .append("\" rx=\"8\"/>\n");
        int fits = (int) ((layout.width() - 28) / PictureText.width("x", PictureLayout.TEXT));
        text("fg", 14, 24, " font-weight=\"600\"", PictureText.shortened(title, fits));
    }

    /** What is drawn, of what. */
    private String extent() {
        int features = 0;
        int errors = 0;
        for (int node : circuit.nodes()) {
            features += nodes.kind(node) == Kind.FEATURE ? 1 : 0;
            errors += nodes.kind(node) == Kind.ERROR ? 1 : 0;
        }
        long drawn = part.nodes().stream().filter(i -> i < nodes.firstToken()).count();
        String text = String.format(
                Locale.ROOT,
                "%s of the circuit's %s and %s, %d of its %d edges",
                drawn == features + errors ? "All" : "The " + drawn + " strongest",
                counted(features, "feature"),
                counted(errors, "error"),
                part.edges().size(),
                circuit.edgeCount());
        int columns = part.positions().size();
        return (columns < nodes.positions() ? text + ", " + columns + " of " + nodes.positions() + " positions" : text)
                + "; " + nodes.featureCount() + " features are active.";
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private void grid() {
        layout.rows().forEach((layer, y) -> {
            String name = layer < 0 ? "tokens" : layer == nodes.layers() ? "logits" : "layer " + layer;
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>\n",
                    PictureLayout.LEFT,
                    layout.width() - 8,
                    y,
                    y));
            text("mut", 14, y + 4, "", name);
        });
    }

    private void edge(ShownPart.Edge edge) {
        svg.append(String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke-width=\"%.2f\""
                        + " stroke-opacity=\"%.2f\"><title>%s → %s: %s%.3f, %.1f%%</title></line>\n",
                edge.weight() > 0 ? "pos" : "neg",
                layout.x(edge.source()),
                layout.y(edge.source()),
                layout.x(edge.target()),
                layout.y(edge.target()),
                .5 + 6 * Math.sqrt(edge.share()),
                Math.min(.9, .2 + 2 * edge.share()),
                escaped(name(edge.source())),
                escaped(name(edge.target())),
                edge.weight() > 0 ? "+" : "−",
                Math.abs(edge.weight()),
                100 * edge.share()));
    }

    private void node(int node) {
        double x = layout.x(node);
        double y = layout.y(node);
        Kind kind = nodes.kind(node);
        String title = "<title>" + escaped(described(node)) + "</title>";
        switch (kind) {
            case FEATURE ->
                svg.append(String.format(
                        Locale.ROOT,
                        "<circle class=\"feat\" cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\">%s</circle>\n",
                        x,
                        y,
                        title));
            case ERROR ->
                svg.append(String.format(
                        Locale.ROOT,
                        "<path class=\"err\" d=\"M%.1f %.1fl5 5l-5 5l-5 -5z\">%s</path>\n",
                        x,
                        y - 5,
                        title));
            case TOKEN, LOGIT ->
                svg.append(String.format(
                        Locale.ROOT,
                        "<rect class=\"end\" x=\"%.1f\" y=\"%.1f\" width=\"10\" height=\"10\">%s</rect>\n",
                        x - 5,
                        y - 5,
                        title));
        }
        switch (kind) {
            case FEATURE -> text("id", x, y + 15, MIDDLE, name(node));
            case ERROR -> text("id", x, y + 15, MIDDLE, "error");
            case TOKEN -> text("fg", x, y + 20, MIDDLE, name(node));
            case LOGIT -> text("fg", x, y - 10, MIDDLE + " font-weight=\"600\"", name(node) + " " + probability(node));
        }
    }

    private String probability(int node) {
        return String.format(Locale.ROOT, "%.3f", nodes.value(node));
    }

    private String name(int node) {
        return switch (nodes.kind(node)) {
            case FEATURE -> nodes.layer(node) + "/" + nodes.feature(node);
            case ERROR -> "error of layer " + nodes.layer(node);
            case TOKEN -> PictureText.token(nodes.tokens().get(nodes.position(node)));
            case LOGIT ->
                PictureText.token(nodes.targets().get(node - nodes.firstLogit()).token());
        };
    }

    private String described(int node) {
        return switch (nodes.kind(node)) {
            case FEATURE -> {
                String label = labels.of(nodes.layer(node), nodes.feature(node));
                yield name(node) + "@" + nodes.position(node) + (label.isEmpty() ? "" : ": " + label);
            }
            case ERROR -> name(node) + " at position " + nodes.position(node);
            case TOKEN, LOGIT -> name(node);
        };
    }

    /** Each drawn feature that has a label once, with it. */
    private List<String> named() {
        Map<String, String> named = new LinkedHashMap<>();
        for (int node : part.nodes()) {
            if (nodes.kind(node) == Kind.FEATURE) {
                named.put(name(node), labels.of(nodes.layer(node), nodes.feature(node)));
            }
        }
        return named.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .toList();
    }

    private void text(String style, double x, double y, String more, String text) {
        svg.append("<text class=\"")
                .append(style)
                .append("\" x=\"")
                .append(number(x))
                .append("\" y=\"")
                .append(number(y))
                .append('"')
                .append(more)
                .append('>')
                .append(escaped(text))
                .append("</text>\n");
    }
}
