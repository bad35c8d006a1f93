package io.circuitstream.standalone.casestudy;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.training.hypotheses.Hypothesis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pages are made by {@code evaluate --tasks --case-studies}: nothing is computed here, but what they say must be what is known. */
class CaseStudiesTest {
    private static final Path ROOT = Path.of("../..");
    private static final Path PAGES = ROOT.resolve("docs/case-studies");

    static List<StudiedTask> tasks() throws IOException {
        return StudiedTask.read(ROOT.resolve("models/tiny-ten"));
    }

    private static String page(StudiedTask task) throws IOException {
        return Files.readString(PAGES.resolve(task.name() + ".md"));
    }

    private static List<String> rows(String text, StudiedTask task) {
        return text.lines()
                .filter(line -> line.startsWith("| " + task.name() + " | "))
                .toList();
    }

    @Test
    void shouldHaveTenTasksInTheirOrder() throws IOException {
        assertThat(tasks()).hasSize(10);
        assertThat(tasks().get(0).name()).isEqualTo("two-hop");
        assertThat(tasks().get(9).name()).isEqualTo("hidden-goal");
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void shouldHaveTheFiguresOfTheTableOfAllHypotheses(StudiedTask task) throws IOException {
        List<String> known = rows(Files.readString(ROOT.resolve("docs/evaluation/tasks.md")), task);
        long hypotheses = Hypothesis.load().stream()
                .filter(h -> h.task().equals(task.name()))
                .count();

        assertThat(known).hasSize((int) hypotheses).isNotEmpty();
        assertThat(rows(page(task), task)).isEqualTo(known);
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void shouldShowTheTaskWithItsPictureAndWhatAPersonMakesOfIt(StudiedTask task) throws IOException {
        String finding = Findings.load().findings().get(task.name()).strip();

        assertThat(page(task))
                .startsWith("# " + task.title() + "\n")
                .contains(task.description())
                .contains("](" + task.name() + ".svg)")
                .contains("\n## Finding\n\n" + finding + "\n");
        assertThat(finding.split("\\. ", -1)).as("sentences").hasSizeBetween(3, 10);
        assertThat(PAGES.resolve(task.name() + ".svg")).content().contains("Circuit of “" + task.prompt() + "”");
    }

    @Test
    void shouldLeadToEveryPageAndNameTheWeightsWhenTheIndexIsRead() throws IOException {
        String index = Files.readString(PAGES.resolve("README.md"));
        Findings findings = Findings.load();

        assertThat(index).contains(findings.model()).contains(findings.scan()).contains(CaseStudyIndex.COMMAND);
        for (StudiedTask task : tasks()) {
            assertThat(index).contains("[" + task.title() + "](" + task.name() + ".md)");
        }
    }
}
