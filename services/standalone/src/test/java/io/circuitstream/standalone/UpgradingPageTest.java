package io.circuitstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.embedded.EmbeddedRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What docs/upgrading.md shows of changing a schema, done on CircuitVector with the registry of `up`. */
class UpgradingPageTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern FIELD = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);
    private static final Pattern ANSWER = Pattern.compile("```text\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder;

    private EmbeddedRegistry registry;
    private String page;
    private JsonNode added;

    @BeforeEach
    void start() throws IOException {
        registry = EmbeddedRegistry.start(folder, 0);
        page = Files.readString(DocumentationTest.root().resolve("docs/upgrading.md"));
        added = JSON.readTree(only(FIELD));
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void shouldBeAcceptedWhenTheFieldOfThePageIsAdded() throws Exception {
        registerHistory();

        HttpResponse<String> answer = register(grown());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).get("id").intValue())
                .isEqualTo(history().size() + 1);
    }

    @Test
    void shouldReadBothWaysWhenTheFieldOfThePageIsAdded() throws Exception {
        Schema before = new Schema.Parser().parse(newest().toString());
        Schema after = new Schema.Parser().parse(grown().toString());
        String name = added.get("name").textValue();

        assertThat(moved(before, after).get(name))
                .hasToString(added.get("default").asText());
        GenericRecord older = moved(after, before);
        assertThat(older.getSchema().getField(name)).isNull();
        assertThat(older.get("promptId")).hasToString("p");
    }

    @Test
    void shouldBeRefusedInTheWordsOfThePageWhenAFieldIsRenamed() throws Exception {
        registerHistory();

        HttpResponse<String> answer = register(renamed("promptId", "id"));

        assertThat(answer.statusCode()).isEqualTo(409);
        String message = JSON.readTree(answer.body()).get("message").textValue();
        assertThat(message).isEqualTo(only(ANSWER).strip().replaceAll("\\s+", " "));
    }

    /** The trap that the page warns of: one field is gone, another is there, and each has a default. */
    @Test
    void shouldBeAcceptedWhenAFieldWithADefaultIsRenamed() throws Exception {
        registerHistory();

        assertThat(register(renamed("values", "numbers")).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type':'string','name':'name','default':'','doc':'new'} | 200",
                "{'type':'long','name':'layout','default':0} | 409",
                "{'type':{'type':'enum','name':'Kind','symbols':['UNKNOWN','A','B'],'default':'UNKNOWN'},'name':'kind'} | 200",
                "{'type':{'type':'enum','name':'Kind','symbols':['UNKNOWN'],'default':'UNKNOWN'},'name':'kind'} | 200",
            })
    void shouldBeAcceptedOrNotAsTheRulesSayWhenAFieldChanges(String field, int status) throws Exception {
        ObjectNode before = (ObjectNode) JSON.readTree("""
                {"type":"record","name":"A","fields":[
                  {"type":"string","name":"name","default":""},
                  {"type":"int","name":"layout","default":0},
                  {"type":{"type":"enum","name":"Kind","symbols":["UNKNOWN","A"],"default":"UNKNOWN"},"name":"kind"}]}""");
        JsonNode changed = JSON.readTree(field.replace('\'', '"'));
        ObjectNode after = before.deepCopy();
        ArrayNode fields = (ArrayNode) after.get("fields");
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).get("name").equals(changed.get("name"))) {
                fields.set(i, changed);
            }
        }
        assertThat(after).isNotEqualTo(before);
        assertThat(register(before).statusCode()).isEqualTo(200);

        assertThat(register(after).statusCode()).isEqualTo(status);
    }

    @Test
    void shouldBeRefusedWhenTheFieldHasNoDefault() throws Exception {
        registerHistory();
        ObjectNode grown = grown();
        ArrayNode fields = (ArrayNode) grown.get("fields");
        ((ObjectNode) fields.get(fields.size() - 1)).remove("default");

        assertThat(register(grown).statusCode()).isEqualTo(409);
    }

    private String only(Pattern block) {
        List<String> found =
                block.matcher(page).results().map((MatchResult m) -> m.group(1)).toList();
        assertThat(found).as("%s in docs/upgrading.md", block).hasSize(1);
        return found.get(0);
    }

    /** Written with one schema, read with the other. */
    private static GenericRecord moved(Schema writer, Schema reader) throws IOException {
        GenericRecord record = defaults(writer);
        record.put("promptId", "p");
        record.put("provenance", defaults(writer.getField("provenance").schema()));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(writer).write(record, encoder);
        encoder.flush();
        return new GenericDatumReader<GenericRecord>(writer, reader)
                .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
    }

    private static GenericRecord defaults(Schema schema) {
        GenericRecord record = new GenericData.Record(schema);
        schema.getFields().stream()
                .filter(Schema.Field::hasDefaultValue)
                .forEach(field -> record.put(field.name(), GenericData.get().getDefaultValue(field)));
        return record;
    }

    private static ObjectNode renamed(String from, String to) throws IOException {
        ObjectNode renamed = newest();
        for (JsonNode field : renamed.get("fields")) {
            if (field.get("name").textValue().equals(from)) {
                ((ObjectNode) field).put("name", to);
            }
        }
        return renamed;
    }

    private ObjectNode grown() throws IOException {
        ObjectNode grown = newest();
        ((ArrayNode) grown.get("fields")).add(added);
        return grown;
    }

    private static ObjectNode newest() throws IOException {
        List<Path> history = history();
        return (ObjectNode) JSON.readTree(history.get(history.size() - 1).toFile());
    }

    private static List<Path> history() {
        Path versions = DocumentationTest.root().resolve("schemas/src/main/history/CircuitVector");
        return IntStream.iterate(1, v -> Files.exists(versions.resolve(v + ".avsc")), v -> v + 1)
                .mapToObj(v -> versions.resolve(v + ".avsc"))
                .toList();
    }

    private void registerHistory() throws Exception {
        for (Path version : history()) {
            HttpResponse<String> answer = register(JSON.readTree(version.toFile()));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    private HttpResponse<String> register(JsonNode schema) throws Exception {
        String body = JSON.createObjectNode().put("schema", schema.toString()).toString();
        URI uri = URI.create(registry.url() + "/subjects/circuitstream.vectors.v1-value/versions");
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(uri)
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
