package io.circuitstream.standalone.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A part of docs/benchmarks.md: what was measured and what the floor is, then a table.
 *
 * @param sentence Markdown; may be empty
 * @param rows of as many cells as there are columns
 */
public record Section(String title, String sentence, List<String> columns, List<List<String>> rows) {
    private static final List<String> MEASURED = List.of("result", "unit", "median", "range", "floor", "ratio", "with");

    public Section {
        for (List<String> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        title + ": a row has " + row.size() + " cells for " + columns.size() + " columns");
            }
        }
    }

    /** A row for each result, and what the machine reached in the same run. */
    public static Section of(String title, String sentence, Report report) {
        return new Section(
                title,
                sentence + " " + sentence(report.machine()),
                MEASURED,
                report.results().stream().map(Section::row).toList());
    }

    private static String sentence(Machine machine) {
        Double own = machine.gemmOwnShapes();
        return String.format(
                Locale.ROOT,
                "In the same run: large products %.0f GFLOP/s, %scopy %.1f GB/s, %d tensor %s.",
                machine.gemm() / 1e9,
                own == null ? "" : String.format(Locale.ROOT, "products of its own shapes %.0f GFLOP/s, ", own / 1e9),
                machine.copy() / 1e9,
                machine.threads(),
                machine.threads() == 1 ? "thread" : "threads");
    }

    private static List<String> row(Measured result) {
        return List.of(
                result.name(),
                result.unit(),
                number(result.median()),
                number(result.min()) + " – " + number(result.max()),
                number(result.floor()),
                String.format(Locale.ROOT, "%.2f", result.ratio()),
                result.parameters().entrySet().stream().map(Section::text).collect(Collectors.joining("; ")));
    }

    private static String text(Map.Entry<String, Object> parameter) {
        Object value = parameter.getValue();
        boolean fraction = value instanceof Double || value instanceof Float;
        return parameter.getKey() + ": " + (fraction ? number(((Number) value).doubleValue()) : value);
    }

    /** Three digits or all before the point. */
    public static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 || size == 0 ? "%.2f" : "%.3g";
        return String.format(Locale.ROOT, format, value);
    }

    String markdown() {
        StringBuilder text = new StringBuilder("## ").append(title).append("\n\n");
        if (!sentence.isEmpty()) {
            text.append(sentence).append("\n\n");
        }
        text.append(line(columns)).append("|---".repeat(columns.size())).append("|\n");
        rows.forEach(row -> text.append(line(row)));
        return text.append('\n').toString();
    }

    private static String line(List<String> cells) {
        return cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
