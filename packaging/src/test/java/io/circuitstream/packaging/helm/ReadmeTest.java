package io.circuitstream.packaging.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitstream.packaging.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chart's README lists values.yaml. With {@code -Dhelm.record=true} it is written. */
class ReadmeTest {
    private static final Pattern KEY = Pattern.compile("( *)([A-Za-z0-9]+):.*");
    private static final Pattern TABLE = Pattern.compile("<!-- values -->\n.*<!-- end -->", Pattern.DOTALL);

    /** A documented value: its path, its default, what it means. */
    private record Row(String path, String standard, String meaning) {}

    @Test
    void shouldListEveryValueWhenTheReadmeIsRead() throws IOException {
        Path file = Chart.folder().resolve("README.md");
        String text = Files.readString(file);

        String fresh = TABLE.matcher(text)
                .replaceAll(Matcher.quoteReplacement("<!-- values -->\n" + table() + "<!-- end -->"));

        if (Boolean.getBoolean("helm.record")) {
            Files.writeString(file, fresh);
            return;
        }
        assertThat(text)
                .contains("<!-- values -->")
                .as("stale: run the test with -Dhelm.record=true")
                .isEqualTo(fresh);
    }

    @Test
    void shouldSayWhatEachValueMeansWhenValuesAreRead() throws IOException {
        List<String> leaves = new ArrayList<>();
        collectLeaves(Chart.values(), "", leaves);

        assertThat(rows()).extracting(Row::path).containsExactlyElementsOf(leaves);
    }

    @Test
    void shouldRenderWhenTheValuesOfTheDocumentAreUsed(@TempDir Path folder) throws IOException {
        String document = Repository.text("docs/operating.md");
        Matcher block = Pattern.compile("(?m)^```yaml\\n([^`]*)^```").matcher(document);
        assertThat(block.find()).isTrue();

        String rendered = Chart.render(Files.writeString(folder.resolve("values.yaml"), block.group(1)));

        assertThat(rendered).contains("image: registry.example.org/circuitstream/dashboard:");
    }

    private static String table() throws IOException {
        StringBuilder table = new StringBuilder("\n| value | default | meaning |\n|---|---|---|\n");
        for (Row row : rows()) {
            table.append("| `%s` | `%s` | %s |\n"
                    .formatted(row.path(), row.standard(), row.meaning().replace("|", "\\|")));
        }
        return table.append('\n').toString();
    }

    /** A comment {@code # -- …} is about the key below it. */
    private static List<Row> rows() throws IOException {
        JsonNode values = Chart.values();
        List<Row> rows = new ArrayList<>();
        Deque<String> path = new ArrayDeque<>();
        String meaning = "";
        for (String line : Files.readAllLines(Chart.folder().resolve("values.yaml"))) {
            Matcher key = KEY.matcher(line);
            if (line.strip().startsWith("# -- ")) {
                meaning = line.strip().substring("# -- ".length());
            } else if (key.matches()) {
                while (path.size() > key.group(1).length() / 2) {
                    path.removeLast();
                }
                path.addLast(key.group(2));
                if (!meaning.isEmpty()) {
                    JsonNode value = values.at("/" + String.join("/", path));
                    rows.add(new Row(String.join(".", path), value.toString(), meaning));
                    meaning = "";
                }
            }
        }
        return rows;
    }

    /** What is written in one line of values.yaml. */
    private static void collectLeaves(JsonNode value, String path, List<String> leaves) throws IOException {
        for (var entry : value.properties()) {
            String at = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
            if (entry.getValue().isObject() && !isWrittenInline(at)) {
                collectLeaves(entry.getValue(), at, leaves);
            } else {
                leaves.add(at);
            }
        }
    }

    private static boolean isWrittenInline(String path) throws IOException {
        String key = path.substring(path.lastIndexOf('.') + 1);
        return Files.readAllLines(Chart.folder().resolve("values.yaml")).stream()
                .filter(line -> line.strip().startsWith(key + ":"))
                .anyMatch(line -> line.strip().matches(key + ": \\{.*}") || key.equals("resources"));
    }
}
