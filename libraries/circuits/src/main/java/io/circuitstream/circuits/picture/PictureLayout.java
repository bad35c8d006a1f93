package io.circuitstream.circuits.picture;

import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.Nodes.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where everything is drawn, in the picture's units: a column for each position, a row for each layer, tokens lowest and logits
 * highest. Nodes of one layer and position stand side by side, {@value #BESIDE} in a line.
 */
final class PictureLayout {
    static final double LEFT = 66;
    static final double TEXT = 12;
    private static final double RIGHT = 16;
    private static final double CELL = 54;
    private static final double LINE = 34;
    private static final double ROW = 46;
    private static final double EMPTY_ROW = 18;
    private static final int BESIDE = 4;

    private final Nodes nodes;
    private final ShownPart part;
    private final Map<Place, List<Integer>> cells = new HashMap<>();
    private final Map<Integer, Double> columnStart = new HashMap<>();
    private final Map<Integer, Double> columnWidth = new HashMap<>();
    /** The middle of a row's lowest line, by layer, −1 for tokens. */
    private final TreeMap<Integer, Double> rowBottom = new TreeMap<>();

    private final Map<Integer, double[]> at = new HashMap<>();
    private final double width;
    private final double bottom;

    private record Place(int layer, int position) {}

    PictureLayout(Nodes nodes, ShownPart part, double top, double leastWidth) {
        this.nodes = nodes;
        this.part = part;
        part.nodes().forEach(node -> cells.computeIfAbsent(
                        new Place(nodes.layer(node), nodes.position(node)), p -> new ArrayList<>())
                .add(node));
        this.width = Math.max(columns(), leastWidth);
        this.bottom = rows(top);
        part.nodes().forEach(this::place);
    }

    /** Of the whole picture. */
    double width() {
        return width;
    }

    /** Below the tokens' names. */
    double bottom() {
        return bottom;
    }

    double x(int node) {
        return at.get(node)[0];
    }

    double y(int node) {
        return at.get(node)[1];
    }

    /** The rows from the lowest, with where their names stand; −1 for tokens, L for logits. */
    Map<Integer, Double> rows() {
        return rowBottom;
    }

    private double columns() {
        double x = LEFT;
        for (int position : part.positions()) {
            double wide = PictureText.width(PictureText.token(nodes.tokens().get(position)), TEXT) + 14;
            for (int layer = 0; layer <= nodes.layers(); layer++) {
                int count = cells.getOrDefault(new Place(layer, position), List.of())
                        .size();
                wide = Math.max(wide, Math.min(BESIDE, count) * cell(layer));
            }
            columnStart.put(position, x);
            columnWidth.put(position, wide);
            x += wide;
        }
        return x + RIGHT;
    }

    /** Logits have their token beside their probability. */
    private double cell(int layer) {
        return layer == nodes.layers() ? 2 * CELL : CELL;
    }

    private double rows(double top) {
        double y = top;
        for (int layer = nodes.layers(); layer >= 0; layer--) {
            int lines = 0;
            for (int position : part.positions()) {
                int count = cells.getOrDefault(new Place(layer, position), List.of())
                        .size();
                lines = Math.max(lines, (count + BESIDE - 1) / BESIDE);
            }
            y += lines == 0 ? EMPTY_ROW : ROW + (lines - 1) * LINE;
            rowBottom.put(layer, y - (lines == 0 ? EMPTY_ROW : ROW) / 2);
        }
        rowBottom.put(-1, y + ROW / 2);
        return y + ROW;
    }

    private void place(int node) {
        List<Integer> cell = cells.get(new Place(nodes.layer(node), nodes.position(node)));
        int i = cell.indexOf(node);
        int line = i / BESIDE;
        int beside = Math.min(BESIDE, cell.size() - line * BESIDE);
        double step = nodes.kind(node) == Kind.LOGIT ? 2 * CELL : CELL;
        double middle = columnStart.get(nodes.position(node)) + columnWidth.get(nodes.position(node)) / 2;
        double x = middle + (i % BESIDE - (beside - 1) / 2.0) * step;
        at.put(node, new double[] {x, rowBottom.get(nodes.layer(node)) - line * LINE});
    }
}
