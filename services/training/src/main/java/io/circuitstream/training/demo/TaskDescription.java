package io.circuitstream.training.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.circuitstream.training.corpus.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * One entry of {@code task-suite.yaml}: a task as an experiment.
 *
 * @param task the task's {@link Task#id()}
 */
record TaskDescription(
        String task,
        String title,
        String description,
        List<String> patterns,
        Preferred sample,
        List<Hypothesis> hypotheses,
        List<Intervention> interventions) {

    /**
     * The prompt to show, if the model answers it.
     *
     * @param given how many words of the answer stand in the traced prompt; the word after them is traced
     */
    record Preferred(String prompt, String answer, int given) {}

    record Hypothesis(String name, String claim) {}

    record Intervention(String hypothesis, String action, String expected) {}

    /** The ten tasks, in the order they are numbered in. */
    static List<TaskDescription> suite() {
        try (InputStream file = Objects.requireNonNull(TaskDescription.class.getResourceAsStream("task-suite.yaml"))) {
            return List.of(new ObjectMapper(new YAMLFactory()).readValue(file, TaskDescription[].class));
        } catch (IOException e) {
            throw new UncheckedIOException("task-suite.yaml inside the training jar cannot be read", e);
        }
    }

    Task family() {
        return Arrays.stream(Task.values())
                .filter(candidate -> candidate.id().equals(task))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("task-suite.yaml names no task " + task));
    }
}
