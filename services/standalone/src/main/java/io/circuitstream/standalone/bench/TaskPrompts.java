package io.circuitstream.standalone.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.standalone.trace.PromptFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The prompts that lie beside the shipped model. */
public final class TaskPrompts {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private TaskPrompts() {}

    /** The samples, then the held-out prompts of every task in the order of the files. */
    public static List<String> read(Path model) throws IOException {
        List<String> prompts = new ArrayList<>(samples(model));
        try (Stream<Path> files = Files.list(model.resolve("tasks"))) {
            for (Path file : files.sorted().toList()) {
                for (JsonNode heldOut : YAML.readTree(file.toFile()).path("heldOut")) {
                    prompts.add(heldOut.path("prompt").asText());
                }
            }
        }
        return prompts;
    }

    /** The ten samples. */
    public static List<String> samples(Path model) throws IOException {
        return PromptFile.read(model.resolve("samples.jsonl"), TaskPrompts::request).stream()
                .map(PromptSubmitted::getText)
                .toList();
    }

    /** So many requests with the texts in turn and every setting at its default; their ids begin with the name. */
    static List<PromptSubmitted> requests(List<String> texts, int count, String name) {
        return IntStream.range(0, count)
                .mapToObj(i -> request(texts.get(i % texts.size()))
                        .setPromptId(name + "-" + i)
                        .build())
                .toList();
    }

    /** So many of these prompts in turn, as they are but for their ids. */
    static List<PromptSubmitted> repeated(List<PromptSubmitted> prompts, int count, String name) {
        return IntStream.range(0, count)
                .mapToObj(i -> PromptSubmitted.newBuilder(prompts.get(i % prompts.size()))
                        .setPromptId(name + "-" + i)
                        .build())
                .toList();
    }

    private static PromptSubmitted.Builder request(String text) {
        return PromptSubmitted.newBuilder().setPromptId("").setText(text);
    }
}
