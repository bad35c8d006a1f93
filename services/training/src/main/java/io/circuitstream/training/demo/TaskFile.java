package io.circuitstream.training.demo;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.circuitstream.training.corpus.Example;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file of {@code tasks/}: what the task is, its sample, held-out prompts, and how to test its circuit. */
@JsonPropertyOrder({"name", "title", "description", "patterns", "sample", "heldOut", "hypotheses", "interventions"})
record TaskFile(
        String name,
        String title,
        String description,
        List<String> patterns,
        Sample sample,
        List<HeldOut> heldOut,
        List<TaskDescription.Hypothesis> hypotheses,
        List<TaskDescription.Intervention> interventions) {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .disable(YAMLGenerator.Feature.SPLIT_LINES));

    record HeldOut(String prompt, String answer) {}

    static TaskFile of(TaskDescription description, Sample sample, List<Example> heldOut) {
        return new TaskFile(
                description.task(),
                description.title(),
                description.description(),
                description.patterns(),
                sample,
                heldOut.stream()
                        .map(example -> new HeldOut(example.prompt(), example.answer()))
                        .toList(),
                description.hypotheses(),
                description.interventions());
    }

    void write(Path folder) throws IOException {
        Files.writeString(folder.resolve(name + ".yaml"), YAML.writeValueAsString(this));
    }
}
