package io.circuitstream.platform.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.StageProgress;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ReceivedSerdeTest {
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

    @ParameterizedTest
    @MethodSource("io.circuitstream.platform.serde.AvroSerdeTest#types")
    void shouldGiveTheDigestOfTheBodyWhenAnEventIsRead(Class<? extends SpecificRecord> type) throws Exception {
        digestOf(type);
    }

    private static <T extends SpecificRecord> void digestOf(Class<T> type) throws Exception {
        T event = Events.random(type, 7);
        String topic = type.getSimpleName();
        byte[] bytes = configured(new AvroSerde<>(type)).serializer().serialize(topic, event);

        Received<T> received = configured(new ReceivedSerde<>(new AvroSerde<>(type), type))
                .deserializer()
                .deserialize(topic, new RecordHeaders(), bytes);

        byte[] body = Arrays.copyOfRange(bytes, 5, bytes.length);
        String expected =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        assertThat(received).isEqualTo(new Received<>(event, expected, bytes.length - 5));
        assertThat(EventDigest.sha256(event)).isEqualTo(expected);
    }

    @Test
    void shouldGiveAnotherDigestWhenOneFieldDiffers() {
        StageProgress other =
                StageProgress.newBuilder(Events.progress()).setDone(4).build();

        assertThat(EventDigest.sha256(Events.progress())).isNotEqualTo(EventDigest.sha256(other));
        // Golden: a change of this value breaks every chain that was ever written.
        assertThat(EventDigest.sha256(Events.progress()))
                .isEqualTo("f3207b1582121b2b96833cdbcf2b6ffe478560fff205df7b69ec71c032a3ed8f");
    }

    @Test
    void shouldThrowSerializationExceptionWhenTheInnerSerdeYieldsAnotherType() {
        byte[] progress =
                configured(new AvroSerde<StageProgress>()).serializer().serialize("t", Events.progress());
        var untyped = configured(new ReceivedSerde<>(new AvroSerde<PromptSubmitted>(), PromptSubmitted.class));

        assertThatThrownBy(() -> untyped.deserializer().deserialize("t", progress))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("StageProgress")
                .hasMessageContaining("PromptSubmitted");
    }

    @Test
    void shouldPassTombstonesAndRefuseToWrite() {
        var serde = configured(new ReceivedSerde<>(new AvroSerde<>(PromptSubmitted.class), PromptSubmitted.class));

        assertThat(serde.deserializer().deserialize("t", (byte[]) null)).isNull();
        assertThatThrownBy(() -> serde.serializer().serialize("t", new Received<>(Events.prompt(), "", 0)))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    private static <S extends Serde<?>> S configured(S serde) {
        serde.configure(Map.of("schema.registry.url", registry.url()), false);
        return serde;
    }
}
