package io.circuitstream.circuits.truth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The tables of docs/ground-truth.md. With {@code -Dtruth.record=true} they are written instead of compared. */
final class Page {
    private static final Path FILE = Path.of("../../docs/ground-truth.md");

    private Page() {}

    static void check(String name, String table) throws IOException {
        String text = Files.readString(FILE);
        Matcher found = Pattern.compile("(<!-- table " + name + " -->\n\n)(.*?)(\n<!-- end -->)", Pattern.DOTALL)
                .matcher(text);
        assertThat(found.find()).as("table %s", name).isTrue();
        if (Boolean.getBoolean("truth.record")) {
            Files.writeString(FILE, found.replaceFirst("$1" + Matcher.quoteReplacement(table) + "$3"));
            return;
        }
        assertThat(found.group(2))
                .as("docs/ground-truth.md is stale: run the test with -Dtruth.record=true")
                .isEqualTo(table);
    }

    static String measured(List<Measured> all) {
        return """
                | mechanism | inputs, all answered | node AUROC, mean (least) | edge AUROC, mean (least) | random nodes, edges | strongest paths are the mechanism's | middle missing in the graph | in the circuit, τ 0.8 | τ 0.95 |
                |---|---|---|---|---|---|---|---|---|
                """
                + all.stream()
                        .map(m -> row(
                                m,
                                m.outcomes().size(),
                                number(m.mean(Outcome::nodes)) + " (" + number(m.least(Outcome::nodes)) + ")",
                                number(m.mean(Outcome::edges)) + " (" + number(m.least(Outcome::edges)) + ")",
                                rough(m.mean(Outcome::randomNodes)) + ", " + rough(m.mean(Outcome::randomEdges)),
                                percent(m.share(Outcome::truePaths)),
                                percent(1 - m.share(Outcome::inGraph)),
                                percent(1 - m.share(Outcome::inCircuit)),
                                percent(1 - m.share(Outcome::inLargerCircuit))))
                        .collect(Collectors.joining());
    }

    static String row(Object... cells) {
        StringBuilder row = new StringBuilder("|");
        for (Object cell : cells) {
            row.append(' ').append(cell).append(" |");
        }
        return row.append('\n').toString();
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    static String rough(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    static String percent(double share) {
        return Math.round(100 * share) + " %";
    }
}
