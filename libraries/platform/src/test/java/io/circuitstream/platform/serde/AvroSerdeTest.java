package io.circuitstream.platform.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.StageProgress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against the registry of libraries/embedded, which Confluent's own client is tested with. */
final class AvroSerdeTest {
    private static final String NAMESPACE = "io.circuitstream.events";

    @TempDir
    static Path folder;

    private static EmbeddedRegistry registry;

    @BeforeAll
    static void start() {
        registry = EmbeddedRegistry.start(folder, 0);
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    static Stream<Class<? extends SpecificRecord>> types() {
        return Events.TYPES.stream();
    }

    @ParameterizedTest
    @MethodSource("types")
    void shouldReadWhatItWroteWhenAnEventOfAnyTypePasses(Class<? extends SpecificRecord> type) {
        Serde<SpecificRecord> writer = serde(Map.of());
        Serde<SpecificRecord> reader = serde(Map.of());
        String topic = type.getSimpleName();
        for (long seed = 1; seed <= 20; seed++) {
            SpecificRecord event = Events.random(type, seed);

            byte[] bytes = writer.serializer().serialize(topic, event);

            assertThat(reader.deserializer().deserialize(topic, bytes))
                    .as("seed %d", seed)
                    .isEqualTo(event)
                    .isInstanceOf(type);
            assertThat(writer.serializer().serialize(topic, event)).isEqualTo(bytes);
        }
    }

    @Test
    void shouldWriteConfluentsWireFormatUnderTheTopicsSubject() throws Exception {
        byte[] bytes = serde(Map.of()).serializer().serialize("wire", Events.progress());

        // promptId "p1", stage "pruning", state 2, done 3, total 200, elapsedMs 0; message, settledInfluence and
        // secondsLeft null (zigzag varints)
        assertThat(HexFormat.of().formatHex(bytes, 5, bytes.length))
                .isEqualTo("047031" + "0e7072756e696e67" + "04" + "06" + "9003" + "00" + "00" + "00" + "00");
        assertThat(bytes[0]).isZero();
        String id = String.valueOf(ByteBuffer.wrap(bytes).getInt(1));
        assertThat(get("/schemas/ids/" + id + "/subjects")).contains("\"wire-value\"");
        assertThat(get("/subjects/wire-value/versions/1")).contains("\"id\":" + id, "StageProgress");
    }

    @Test
    void shouldUseTheKeySubjectWhenConfiguredForKeys() throws Exception {
        AvroSerde<StageProgress> keys = new AvroSerde<>(StageProgress.class);
        keys.configure(settings(Map.of()), true);

        keys.serializer().serialize("keyed", Events.progress());

        assertThat(get("/subjects")).contains("\"keyed-key\"").doesNotContain("\"keyed-value\"");
    }

    @Test
    void shouldPassNullWhenTheRecordIsATombstone() {
        assertThat(serde(Map.of()).serializer().serialize("t", null)).isNull();
        assertThat(serde(Map.of()).deserializer().deserialize("t", (byte[]) null))
                .isNull();
    }

    @Test
    void shouldRefuseToRegisterAndSayWhatToDoWhenAutoRegistrationIsOff() throws Exception {
        Serde<SpecificRecord> fixed = serde(Map.of("auto.register.schemas", "false"));

        assertThatThrownBy(() -> fixed.serializer().serialize("manual", Events.progress()))
                .isInstanceOf(RegistryRefusedException.class)
                .hasMessageContaining("manual-value")
                .hasMessageContaining("auto.register.schemas");
        assertThat(get("/subjects")).doesNotContain("manual-value");

        byte[] registered = serde(Map.of()).serializer().serialize("manual", Events.progress());
        assertThat(fixed.serializer().serialize("manual", Events.progress())).isEqualTo(registered);
    }

    @Test
    void shouldStopWithTheRegistrysReasonsWhenTheSchemaIsIncompatible() throws Exception {
        register(
                "clash-value",
                SchemaBuilder.record(NAMESPACE + ".StageProgress")
                        .fields()
                        .requiredString("other")
                        .endRecord());

        assertThatThrownBy(() -> serde(Map.of()).serializer().serialize("clash", Events.progress()))
                .isInstanceOf(RegistryRefusedException.class)
                .hasMessageContaining(registry.url())
                .hasMessageContaining("clash-value")
                .hasMessageContaining("409")
                .hasMessageContaining("incompatible")
                .hasMessageContaining("READER_FIELD_MISSING_DEFAULT_VALUE");
    }

    @Test
    void shouldMeetTheRegistryBeforeTheFirstRecordWhenPrepared() throws Exception {
        register(
                "early-value",
                SchemaBuilder.record(NAMESPACE + ".StageProgress")
                        .fields()
                        .requiredString("other")
                        .endRecord());
        AvroSerde<StageProgress> serde = new AvroSerde<>(StageProgress.class);
        serde.configure(settings(Map.of()), false);

        serde.prepare("prepared");

        assertThat(get("/subjects")).contains("\"prepared-value\"");
        assertThatThrownBy(() -> serde.prepare("early")).isInstanceOf(RegistryRefusedException.class);
        AvroSerde<SpecificRecord> any = new AvroSerde<>();
        assertThatThrownBy(() -> any.prepare("t")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldWriteUnderTheLatestSchemaWhenAskedTo() throws Exception {
        register("pinned-value", StageProgress.getClassSchema());
        Schema latest = withExtraField(StageProgress.getClassSchema());
        int id = register("pinned-value", latest);

        byte[] bytes = serde(Map.of("use.latest.version", "true")).serializer().serialize("pinned", Events.progress());

        assertThat(ByteBuffer.wrap(bytes).getInt(1)).isEqualTo(id);
        assertThat(serde(Map.of()).deserializer().deserialize("pinned", bytes)).isEqualTo(Events.progress());
        byte[] own = AvroBody.encode(Events.progress());
        // The extra field's default, an empty string, is one byte.
        assertThat(bytes).hasSize(5 + own.length + 1);
    }

    @Test
    void shouldRefuseWhenTheLatestSchemaCannotCarryTheEvent() throws Exception {
        register(
                "strange-value",
                SchemaBuilder.record(NAMESPACE + ".StageProgress")
                        .fields()
                        .requiredString("other")
                        .endRecord());

        assertThatThrownBy(() -> serde(Map.of("use.latest.version", "true"))
                        .serializer()
                        .serialize("strange", Events.progress()))
                .isInstanceOf(RegistryRefusedException.class)
                .hasMessageContaining("strange-value")
                .hasMessageContaining("cannot carry");
    }

    @Test
    void shouldReadEventsOfAnotherVersionWhenFieldsWereAddedOrAreMissing() throws Exception {
        Schema newer = withExtraField(StageProgress.getClassSchema());
        GenericData.Record record = new GenericData.Record(newer);
        record.put("promptId", "p9");
        record.put("stage", "validation");
        record.put("state", new GenericData.EnumSymbol(newer.getField("state").schema(), "RUNNING"));
        record.put("done", 1L);
        record.put("total", 2L);
        record.put("elapsedMs", 3L);
        record.put("extra", "unknown to this version");
        int id = register("evolved-value", newer);

        SpecificRecord read = serde(Map.of())
                .deserializer()
                .deserialize("evolved", WireFormat.frame(id, Events.bytes(newer, record)));

        assertThat(read).isInstanceOfSatisfying(StageProgress.class, progress -> {
            assertThat(progress.getPromptId()).isEqualTo("p9");
            assertThat(progress.getElapsedMs()).isEqualTo(3);
        });
        Schema older = SchemaBuilder.record(NAMESPACE + ".PromptSubmitted")
                .fields()
                .requiredString("promptId")
                .endRecord();
        GenericData.Record old = new GenericData.Record(older);
        old.put("promptId", "p0");
        int oldId = register("older-value", older);
        assertThat(serde(Map.of())
                        .deserializer()
                        .deserialize("older", WireFormat.frame(oldId, Events.bytes(older, old))))
                .isEqualTo(PromptSubmitted.newBuilder().setPromptId("p0").build());
    }

    private static Serde<SpecificRecord> serde(Map<String, ?> extra) {
        AvroSerde<SpecificRecord> serde = new AvroSerde<>();
        serde.configure(settings(extra), false);
        return serde;
    }

    private static Map<String, Object> settings(Map<String, ?> extra) {
        Map<String, Object> settings = new HashMap<>(extra);
        settings.put("schema.registry.url", registry.url());
        return settings;
    }

    private static Schema withExtraField(Schema schema) {
        String text = schema.toString();
        String field = "{\"name\":\"extra\",\"type\":\"string\",\"default\":\"\"}";
        return new Schema.Parser()
                .parse(text.substring(0, text.lastIndexOf("]")) + "," + field + text.substring(text.lastIndexOf("]")));
    }

    static int register(String subject, Schema schema) throws Exception {
        return new RegistryClient(RegistrySettings.of(settings(Map.of()))).register(subject, schema);
    }

    private static String get(String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(registry.url() + path)).GET().build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }
}
