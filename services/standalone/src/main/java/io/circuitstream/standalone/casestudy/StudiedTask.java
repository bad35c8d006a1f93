package io.circuitstream.standalone.casestudy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A task as its file beside the model describes it.
 *
 * @param promptId of its sample, by which tasks are ordered
 * @param prompt its sample
 * @param expected the word that should follow
 */
record StudiedTask(String name, String title, String description, String promptId, String prompt, String expected) {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /** Those of a model's folder. */
    static List<StudiedTask> read(Path model) throws IOException {
        List<StudiedTask> tasks = new ArrayList<>();
        try (Stream<Path> files = Files.list(model.resolve("tasks"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
                JsonNode task = YAML.readTree(file.toFile());
                JsonNode sample = task.path("sample");
                tasks.add(new StudiedTask(
                        task.path("name").asText(),
                        task.path("title").asText(),
                        task.path("description").asText(),
                        sample.path("promptId").asText(),
                        sample.path("text").asText(),
                        sample.path("expected").asText()));
            }
        }
        tasks.sort(Comparator.comparing(StudiedTask::promptId));
        return tasks;
    }
}
