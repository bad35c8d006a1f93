package io.circuitstream.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;

/**
 * The versions of one event's schema that were ever released, {@code src/main/history/<Name>/<version>.avsc}, each
 * resolved so that it stands alone. A file, once released, is never changed.
 */
record SchemaHistory(Path folder) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static final List<Class<?>> EVENTS = List.of(
            PromptSubmitted.class,
            InferenceCompleted.class,
            AttributionGraph.class,
            Circuit.class,
            ValidationReport.class,
            StageProgress.class,
            TrainingProgress.class,
            SteeringRequested.class,
            SteeringCompleted.class,
            FeatureDescription.class,
            FeatureLabel.class,
            CircuitAnnotations.class,
            GraphImported.class,
            AuditFinding.class,
            AuditCheckpoint.class,
            BehaviourSummary.class,
            CircuitVector.class);

    static SchemaHistory of(Class<?> event) {
        return new SchemaHistory(Path.of("src/main/history", event.getSimpleName()));
    }

    /** The schema of the generated class, without what only Java needs. */
    static Schema current(Class<?> event) throws IOException {
        JsonNode tree = JSON.readTree(SpecificData.get().getSchema(event).toString());
        removeJavaProperties(tree);
        return new Schema.Parser().parse(tree.toString());
    }

    /** Oldest first. */
    List<Schema> versions() throws IOException {
        List<Schema> versions = new ArrayList<>();
        for (int version = 1; Files.exists(file(version)); version++) {
            versions.add(new Schema.Parser().parse(Files.readString(file(version))));
        }
        return versions;
    }

    Path record(Schema schema) throws IOException {
        Path file = file(versions().size() + 1);
        Files.createDirectories(folder);
        Files.writeString(file, schema.toString(true) + "\n");
        return file;
    }

    private Path file(int version) {
        return folder.resolve(version + ".avsc");
    }

    private static void removeJavaProperties(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove("avro.java.string");
        }
        node.forEach(SchemaHistory::removeJavaProperties);
    }
}
