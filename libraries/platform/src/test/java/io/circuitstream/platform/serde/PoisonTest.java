package io.circuitstream.platform.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.ThreadMXBean;
import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.PromptSubmitted;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that nobody can read become a SerializationException, which leads to the dead letters, and nothing else. */
final class PoisonTest {
    private static final String TOPIC = "poisoned";
    private static final byte[] GOOD_BODY = AvroBody.encode(Events.prompt());

    @TempDir
    static Path folder;

    private static EmbeddedRegistry registry;
    private static RegistryClient client;
    private static int promptId;

    @BeforeAll
    static void start() {
        registry = EmbeddedRegistry.start(folder, 0);
        client = new RegistryClient(RegistrySettings.of(Map.of("schema.registry.url", registry.url())));
        promptId = client.register(TOPIC, PromptSubmitted.getClassSchema());
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    static Stream<Arguments> poison() throws IOException {
        byte[] good = WireFormat.frame(1, GOOD_BODY);
        byte[] magic = good.clone();
        magic[0] = 1;
        return Stream.of(
                arguments("empty", new byte[0], "0 bytes"),
                arguments("one byte", new byte[1], "1 bytes"),
                arguments("header only", Arrays.copyOf(good, 5), "not an event"),
                arguments("wrong magic", magic, "byte 1 instead of 0"),
                arguments("text", "{\"promptId\":\"p\"}".getBytes(StandardCharsets.UTF_8), "byte 123"),
                arguments("unknown id", WireFormat.frame(4711, GOOD_BODY), "no schema with id 4711"),
                arguments("negative id", WireFormat.frame(-1, GOOD_BODY), "no schema with id -1"),
                arguments("truncated", Arrays.copyOf(good, good.length - 3), "not an event"),
                arguments("trailing bytes", Arrays.copyOf(good, good.length + 1), "left over"),
                arguments("negative string", WireFormat.frame(1, longs(-5)), "not an event"),
                arguments("2 GiB string", WireFormat.frame(1, longs(Integer.MAX_VALUE - 8)), "not an event"),
                arguments("8 EiB string", WireFormat.frame(1, longs(Long.MAX_VALUE)), "not an event"),
                arguments("union index", WireFormat.frame(1, longs(0, 7)), "not an event"),
                // promptId "", text null, tokenIds with far more items than bytes
                arguments("absurd array", WireFormat.frame(1, longs(0, 0, 1, 1_000_000_000)), "not an event"),
                arguments("absurd block", WireFormat.frame(1, longs(0, 0, 1, -1_000_000_000, 5)), "not an event"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("poison")
    void shouldThrowSerializationExceptionWithoutLargeAllocationWhenBytesAreBad(
            String name, byte[] bytes, String reason) {
        assertThat(promptId).isEqualTo(1);
        var reader = serde(PromptSubmitted.class).deserializer();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        assertThatThrownBy(() -> reader.deserialize(TOPIC, bytes))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining(reason);

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(16L << 20);
    }

    @Test
    void shouldThrowSerializationExceptionWhenTheRecordIsOfAnotherType() {
        int id = client.register("graphs", AttributionGraph.getClassSchema());
        byte[] graph = WireFormat.frame(id, AvroBody.encode(Events.random(AttributionGraph.class, 1)));

        assertThatThrownBy(() -> serde(PromptSubmitted.class).deserializer().deserialize(TOPIC, graph))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("AttributionGraph")
                .hasMessageContaining("expects io.circuitstream.events.PromptSubmitted");
        assertThat(serde(SpecificRecord.class).deserializer().deserialize(TOPIC, graph))
                .isInstanceOf(AttributionGraph.class);
    }

    @Test
    void shouldLoadNoClassOfAnotherPackageWhenASchemaNamesOne() {
        Schema foreign = SchemaBuilder.record("java.lang.Thread").fields().endRecord();
        Schema unknown =
                SchemaBuilder.record("io.circuitstream.events.Later").fields().endRecord();
        Schema notARecord = SchemaBuilder.builder().stringType();
        for (Schema schema : new Schema[] {foreign, unknown, notARecord}) {
            int id = client.register("foreign-" + schema.getName(), schema);

            assertThatThrownBy(() -> serde(SpecificRecord.class)
                            .deserializer()
                            .deserialize(TOPIC, WireFormat.frame(id, GOOD_BODY)))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContaining(schema.getFullName());
        }
    }

    @Test
    void shouldTrustTheContractsPackageOnlyWhenConfigured() {
        serde(PromptSubmitted.class);

        var trusted = ClassSecurityValidator.getGlobal();
        assertThat(trusted.isTrusted(PromptSubmitted.class)).isTrue();
        assertThat(trusted.isTrusted(Received.class)).isFalse();
        assertThat(trusted.isTrusted(ProcessBuilder.class)).isFalse();
    }

    @Test
    void shouldNeverThrowAnythingElseWhenAGoodRecordIsDamagedAtRandom() {
        long seed = 20261123;
        Random random = new Random(seed);
        int id = client.register("graphs", AttributionGraph.getClassSchema());
        byte[] good = WireFormat.frame(id, AvroBody.encode(Events.random(AttributionGraph.class, seed)));
        var reader = serde(AttributionGraph.class).deserializer();
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] bad = good.clone();
            for (int k = 0; k <= random.nextInt(4); k++) {
                bad[5 + random.nextInt(bad.length - 5)] = (byte) random.nextInt(256);
            }
            try {
                reader.deserialize(TOPIC, bad);
            } catch (SerializationException expected) {
                refused++;
            }
        }
        // Many changes fall into text or numbers and are read; structure is hit often enough.
        assertThat(refused).as("seed %d", seed).isBetween(100, 2_000);
    }

    private static <T extends SpecificRecord> AvroSerde<T> serde(Class<T> type) {
        AvroSerde<T> serde = new AvroSerde<>(type);
        serde.configure(Map.of("schema.registry.url", registry.url()), false);
        return serde;
    }

    /** Varints, as lengths, indices and counts stand in a body. */
    private static byte[] longs(long... values) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        for (long value : values) {
            encoder.writeLong(value);
        }
        encoder.flush();
        return out.toByteArray();
    }
}
