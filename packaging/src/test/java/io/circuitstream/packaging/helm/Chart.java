package io.circuitstream.packaging.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import io.circuitstream.packaging.Repository;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** helm/circuitstream, rendered by Helm itself. */
final class Chart {
    static final String NAMESPACE = "circuits";
    /** What stands for {@code helm.sh/hook}. */
    static final String HOOK = "hook.example.org";

    private static final ObjectMapper YAML = new YAMLMapper();
    private static final Path WITH_HOOKS = withHooks();

    private Chart() {}

    static Path folder() {
        return Repository.root().resolve("helm/circuitstream");
    }

    /** The value sets of {@code ci/}, by name. */
    static List<String> valueSets() throws IOException {
        try (Stream<Path> files = Files.list(folder().resolve("ci"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    static Path valueSet(String name) {
        return folder().resolve("ci").resolve(name);
    }

    /** What {@code helm template} prints. @throws RuntimeException with Helm's message when it refuses */
    static String render(Path... values) {
        TemplateCommand command = new Helm(WITH_HOOKS)
                .template()
                .withName("trace")
                .withNamespace(NAMESPACE)
                .withKubeVersion("1.31.0");
        Stream.of(values).forEach(command::withValuesFile);
        return command.call();
    }

    /** A copy whose hooks are ordinary manifests: the library renders no hooks, unlike the command. Gone when this process ends. */
    private static Path withHooks() {
        try {
            Path copy = copy(Files.createTempDirectory("chart"));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(copy)));
            Path topics = copy.resolve("templates/topics.yaml");
            Files.writeString(topics, Files.readString(topics).replace("helm.sh/hook:", HOOK + ":"));
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path copy(Path to) throws IOException {
        try (Stream<Path> files = Files.walk(folder())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(folder().relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
        return to;
    }

    static List<HasMetadata> manifests(String valueSet) {
        return Manifests.typed(render(valueSet(valueSet)));
    }

    /** What {@code helm lint --strict} says against a value set; lint reads values.yaml only, so a copy has both merged. */
    static List<String> lint(String valueSet, Path copy) throws IOException {
        copy(copy.resolve("circuitstream"));
        ObjectNode merged = (ObjectNode) values();
        merge(merged, YAML.readTree(Files.readString(valueSet(valueSet))));
        YAML.writeValue(copy.resolve("circuitstream/values.yaml").toFile(), merged);
        var result = new Helm(copy.resolve("circuitstream")).lint().strict().call();
        return result.isFailed() ? result.getMessages() : List.of();
    }

    static JsonNode values() throws IOException {
        return YAML.readTree(Files.readString(folder().resolve("values.yaml")));
    }

    static JsonNode file(String name) throws IOException {
        return YAML.readTree(Files.readString(folder().resolve("files").resolve(name)));
    }

    private static void merge(ObjectNode into, JsonNode more) {
        for (Map.Entry<String, JsonNode> entry : more.properties()) {
            if (into.get(entry.getKey()) instanceof ObjectNode object
                    && entry.getValue().isObject()) {
                merge(object, entry.getValue());
            } else {
                into.set(entry.getKey(), entry.getValue());
            }
        }
    }
}
