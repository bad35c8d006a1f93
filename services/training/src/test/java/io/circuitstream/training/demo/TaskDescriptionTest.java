package io.circuitstream.training.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.Task;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TaskDescriptionTest {
    private static final Corpus CORPUS = Corpus.load();

    @Test
    void shouldDescribeEveryTaskButCopyingWhenLoaded() {
        List<Task> expected = Arrays.stream(Task.values())
                .filter(task -> task != Task.COPYING)
                .toList();

        assertThat(TaskDescription.suite()).extracting(TaskDescription::family).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("suite")
    void shouldShowHeldOutPromptWhenItIsTheSample(TaskDescription description) {
        TaskDescription.Preferred sample = description.sample();

        // Throws if the corpus does not make this prompt, or trains on it.
        assertThat(CORPUS.testExample(description.family(), sample.prompt(), sample.answer())
                        .task())
                .isEqualTo(description.family());
        assertThat(sample.given()).isBetween(0, sample.answer().split(" ", -1).length - 1);
    }

    @ParameterizedTest
    @MethodSource("suite")
    void shouldTestOnlyNamedHypothesesWhenIntervening(TaskDescription description) {
        assertThat(description.hypotheses()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(description.interventions()).hasSizeGreaterThanOrEqualTo(2).allSatisfy(intervention -> assertThat(
                        description.hypotheses())
                .extracting(TaskDescription.Hypothesis::name)
                .contains(intervention.hypothesis()));
    }

    static Stream<TaskDescription> suite() {
        return TaskDescription.suite().stream();
    }
}
