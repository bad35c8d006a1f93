package io.circuitstream.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaValidationException;
import org.apache.avro.SchemaValidator;
import org.apache.avro.SchemaValidatorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contracts may grow and never break: what was ever written stays readable, and old readers can read what is new. */
final class SchemaHistoryTest {
    private static final SchemaValidator FULL_TRANSITIVE =
            new SchemaValidatorBuilder().mutualReadStrategy().validateAll();

    static Stream<Class<?>> events() {
        return SchemaHistory.EVENTS.stream();
    }

    @ParameterizedTest
    @MethodSource("events")
    void shouldEqualTheNewestRecordedVersionWhenNothingIsUnreleased(Class<?> event) throws Exception {
        SchemaHistory history = SchemaHistory.of(event);
        Schema current = SchemaHistory.current(event);
        List<Schema> versions = history.versions();
        // As text: equality of schemas does not see the documentation, which is part of the contract.
        String newest =
                versions.isEmpty() ? "" : versions.get(versions.size() - 1).toString();
        if (!newest.equals(current.toString()) && Boolean.getBoolean("schemas.record")) {
            compatible(current, versions);
            Path file = history.record(current);
            assertThat(file).exists();
            return;
        }
        assertThat(current.toString(true))
                .as(
                        "%s differs from its newest version in %s. If the change is meant, record version %d with"
                                + " 'mvn -pl schemas test -Dschemas.record=true' and commit the file",
                        event.getSimpleName(), history.folder(), versions.size() + 1)
                .isEqualTo(
                        versions.isEmpty()
                                ? ""
                                : versions.get(versions.size() - 1).toString(true));
    }

    @ParameterizedTest
    @MethodSource("events")
    void shouldReadAndBeReadByEveryVersionEverReleased(Class<?> event) throws Exception {
        List<Schema> versions = SchemaHistory.of(event).versions();
        Schema current = SchemaHistory.current(event);

        assertThatCode(() -> compatible(current, versions)).doesNotThrowAnyException();
    }

    @Test
    void shouldFindAnIncompatibleVersionWhenThereIsOne() {
        Schema old = SchemaBuilder.record("A").fields().requiredInt("x").endRecord();
        Schema retyped = SchemaBuilder.record("A").fields().requiredString("x").endRecord();
        Schema grown = SchemaBuilder.record("A")
                .fields()
                .requiredInt("x")
                .requiredInt("y")
                .endRecord();

        assertThatThrownBy(() -> compatible(retyped, List.of(old))).isInstanceOf(SchemaValidationException.class);
        assertThatThrownBy(() -> compatible(grown, List.of(old))).isInstanceOf(SchemaValidationException.class);
        assertThatThrownBy(() -> compatible(old, List.of(grown))).isInstanceOf(SchemaValidationException.class);
    }

    @ParameterizedTest
    @MethodSource("events")
    void shouldDocumentEveryTypeAndField(Class<?> event) throws Exception {
        List<String> undocumented = new ArrayList<>();
        for (Schema type : types(SchemaHistory.current(event)).values()) {
            if (isBlank(type.getDoc())) {
                undocumented.add(type.getFullName());
            }
            if (type.getType() == Schema.Type.RECORD) {
                type.getFields().stream()
                        .filter(field -> isBlank(field.doc()))
                        .forEach(field -> undocumented.add(type.getFullName() + "." + field.name()));
            }
        }
        assertThat(undocumented).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("events")
    void shouldHaveADefaultInEveryEnumAndInEveryFieldLaterThanVersionOne(Class<?> event) throws Exception {
        List<Schema> versions = SchemaHistory.of(event).versions();
        assertThat(versions).isNotEmpty();
        Map<String, Schema> first = types(versions.get(0));
        List<String> missing = new ArrayList<>();
        for (Schema type : types(SchemaHistory.current(event)).values()) {
            if (type.getType() == Schema.Type.ENUM && type.getEnumDefault() == null) {
                missing.add(type.getFullName());
            }
            Schema original = first.get(type.getFullName());
            // The fields of a type that is new as a whole arrive together with the field that holds it.
            if (type.getType() == Schema.Type.RECORD && original != null) {
                type.getFields().stream()
                        .filter(field -> original.getField(field.name()) == null && !field.hasDefaultValue())
                        .forEach(field -> missing.add(type.getFullName() + "." + field.name()));
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void shouldHaveAFolderForEveryEventAndNoOther() throws IOException {
        Set<String> expected =
                SchemaHistory.EVENTS.stream().map(Class::getSimpleName).collect(Collectors.toSet());
        try (Stream<Path> folders = Files.list(Path.of("src/main/history"))) {
            assertThat(folders.map(folder -> folder.getFileName().toString()).collect(Collectors.toSet()))
                    .isEqualTo(expected);
        }
    }

    @Test
    void shouldNumberVersionsInTheOrderInWhichTheyWereRecorded(@TempDir Path folder) throws Exception {
        SchemaHistory history = new SchemaHistory(folder.resolve("A"));
        Schema one = SchemaBuilder.record("A").fields().requiredInt("x").endRecord();
        Schema two = SchemaBuilder.record("A")
                .fields()
                .requiredInt("x")
                .optionalInt("y")
                .endRecord();

        assertThat(history.versions()).isEmpty();
        assertThat(history.record(one)).hasFileName("1.avsc");
        assertThat(history.record(two)).hasFileName("2.avsc");
        assertThat(history.versions()).containsExactly(one, two);
    }

    private static void compatible(Schema current, List<Schema> versions) throws SchemaValidationException {
        List<Schema> newestFirst = new ArrayList<>(versions);
        Collections.reverse(newestFirst);
        FULL_TRANSITIVE.validate(current, newestFirst);
    }

    private static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }

    /** The named types in a schema, by full name. */
    private static Map<String, Schema> types(Schema schema) {
        Map<String, Schema> types = new TreeMap<>();
        collect(schema, types);
        return types;
    }

    private static void collect(Schema schema, Map<String, Schema> types) {
        switch (schema.getType()) {
            case RECORD -> {
                if (types.putIfAbsent(schema.getFullName(), schema) == null) {
                    schema.getFields().forEach(field -> collect(field.schema(), types));
                }
            }
            case ENUM, FIXED -> types.put(schema.getFullName(), schema);
            case ARRAY -> collect(schema.getElementType(), types);
            case MAP -> collect(schema.getValueType(), types);
            case UNION -> schema.getTypes().forEach(type -> collect(type, types));
            default -> {}
        }
    }
}
