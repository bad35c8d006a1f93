package io.circuitstream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.entities.Config;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import org.apache.flink.avro.shaded.org.apache.avro.Schema;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericData;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericDatumReader;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericDatumWriter;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericRecord;
import org.apache.flink.avro.shaded.org.apache.avro.io.BinaryEncoder;
import org.apache.flink.avro.shaded.org.apache.avro.io.DecoderFactory;
import org.apache.flink.avro.shaded.org.apache.avro.io.EncoderFactory;
import org.apache.flink.formats.avro.registry.confluent.ConfluentSchemaRegistryCoder;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client that Confluent publishes, as Flink bundles it (relocated), against our registry. */
final class ConfluentClientTest {
    private static final String SUBJECT = "numbers-value";
    private static final Schema ONE = schema("{'name':'x','type':'int'}");
    private static final Schema TWO = schema("{'name':'x','type':'int'},{'name':'y','type':'int','default':0}");
    private static final Schema INCOMPATIBLE = schema("{'name':'x','type':'string'}");

    @TempDir
    Path folder;

    private EmbeddedRegistry registry;

    @BeforeEach
    void start() {
        registry = EmbeddedRegistry.start(folder, 0);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void shouldServeConfluentsClientWhenItRegistersAndLooksUp() throws Exception {
        CachedSchemaRegistryClient writer = client();
        int one = writer.register(SUBJECT, new AvroSchema(ONE));
        int two = writer.register(SUBJECT, new AvroSchema(TWO));

        // Another client: nothing comes from a cache.
        CachedSchemaRegistryClient reader = client();
        assertThat(((AvroSchema) reader.getSchemaById(one)).rawSchema()).isEqualTo(ONE);
        assertThat(((AvroSchema) reader.getSchemaBySubjectAndId(SUBJECT, two)).rawSchema())
                .isEqualTo(TWO);
        assertThat(reader.getId(SUBJECT, new AvroSchema(ONE))).isEqualTo(one);
        assertThat(reader.getVersion(SUBJECT, new AvroSchema(TWO))).isEqualTo(2);
        assertThat(reader.getAllVersions(SUBJECT)).isEqualTo(List.of(1, 2));
        assertThat(reader.getAllSubjects()).containsExactly(SUBJECT);
        assertThat(reader.getAllSubjectsById(one)).containsExactly(SUBJECT);
        assertThat(reader.getAllVersionsById(two)).hasSize(1);
        assertThat(reader.getLatestSchemaMetadata(SUBJECT).getId()).isEqualTo(two);
        assertThat(reader.getSchemaMetadata(SUBJECT, 1).getId()).isEqualTo(one);
    }

    @Test
    void shouldBeUnderstoodByConfluentsClientWhenItRefuses() throws Exception {
        CachedSchemaRegistryClient client = client();
        client.register(SUBJECT, new AvroSchema(ONE));

        assertCode(() -> client.register(SUBJECT, new AvroSchema(INCOMPATIBLE)), 409, 409);
        assertCode(() -> client.getSchemaById(77), 404, 40403);
        assertCode(() -> client.getId("none", new AvroSchema(ONE)), 404, 40401);
        assertCode(() -> client.getId(SUBJECT, new AvroSchema(TWO)), 404, 40403);
        assertCode(() -> client.getSchemaMetadata(SUBJECT, 9), 404, 40402);
        assertThat(client.testCompatibility(SUBJECT, new AvroSchema(TWO))).isTrue();
        assertThat(client.testCompatibilityVerbose(SUBJECT, new AvroSchema(INCOMPATIBLE)))
                .hasSize(2);
    }

    @Test
    void shouldLetConfluentsClientReadAndSetLevelsAndMode() throws Exception {
        CachedSchemaRegistryClient client = client();

        assertThat(client.getConfig(null).getCompatibilityLevel()).isEqualTo("FULL_TRANSITIVE");
        client.updateConfig(SUBJECT, new Config("NONE"));
        assertThat(client.getConfig(SUBJECT).getCompatibilityLevel()).isEqualTo("NONE");
        assertThat(client.getMode()).isEqualTo("READWRITE");
        client.register(SUBJECT, new AvroSchema(ONE));
        assertThat(client.register(SUBJECT, new AvroSchema(INCOMPATIBLE))).isEqualTo(2);
    }

    @Test
    void shouldCarryRecordsOfConfluentsCoderWhenRegistryRestarts() throws Exception {
        GenericRecord record = new GenericData.Record(ONE);
        record.put("x", 42);
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        new ConfluentSchemaRegistryCoder(SUBJECT, client()).writeSchema(ONE, wire);
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(wire, null);
        new GenericDatumWriter<GenericRecord>(ONE).write(record, encoder);
        encoder.flush();
        assertThat(ByteBuffer.wrap(wire.toByteArray()).getInt(1)).isEqualTo(1);

        registry.close();
        registry = EmbeddedRegistry.start(folder, 0);

        ByteArrayInputStream in = new ByteArrayInputStream(wire.toByteArray());
        Schema written = new ConfluentSchemaRegistryCoder(client()).readSchema(in);
        GenericRecord read = new GenericDatumReader<GenericRecord>(written, TWO)
                .read(null, DecoderFactory.get().binaryDecoder(in, null));
        assertThat(read.get("x")).isEqualTo(42);
        assertThat(read.get("y")).isEqualTo(0);
    }

    private CachedSchemaRegistryClient client() {
        return new CachedSchemaRegistryClient(registry.url(), 10);
    }

    private static void assertCode(ThrowingCallable call, int status, int code) {
        assertThatThrownBy(call).isInstanceOfSatisfying(RestClientException.class, e -> {
            assertThat(e.getStatus()).isEqualTo(status);
            assertThat(e.getErrorCode()).isEqualTo(code);
        });
    }

    private static Schema schema(String fields) {
        return new Schema.Parser()
                .parse("{'type':'record','name':'Numbers','fields':[%s]}"
                        .formatted(fields)
                        .replace('\'', '"'));
    }
}
