package io.circuitstream.platform.serde;

import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads events together with their digest, for the source topic of a stage. Works over any serde of Confluent's wire
 * format. It cannot write: what was received is never sent on as it is.
 */
public final class ReceivedSerde<T extends SpecificRecord> implements Serde<Received<T>> {
    private final Serde<T> events;
    private final Class<T> type;

    /**
     * @param events reads the bytes; closed and configured together with this serde
     * @param type a record of another type is a bad record, also when {@code events} accepts it
     */
    public ReceivedSerde(Serde<T> events, Class<T> type) {
        this.events = events;
        this.type = type;
    }

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        events.configure(configs, isKey);
    }

    @Override
    public void close() {
        events.close();
    }

    @Override
    public Serializer<Received<T>> serializer() {
        return (topic, received) -> {
            throw new UnsupportedOperationException("A received event is not written again; topic " + topic);
        };
    }

    @Override
    public Deserializer<Received<T>> deserializer() {
        return new Reader<>(events.deserializer(), type);
    }

    private record Reader<T extends SpecificRecord>(Deserializer<T> events, Class<T> type)
            implements Deserializer<Received<T>> {

        @Override
        public @Nullable Received<T> deserialize(String topic, byte @Nullable [] bytes) {
            return bytes == null ? null : received(events.deserialize(topic, bytes), bytes);
        }

        @Override
        public @Nullable Received<T> deserialize(String topic, Headers headers, byte @Nullable [] bytes) {
            return bytes == null ? null : received(events.deserialize(topic, headers, bytes), bytes);
        }

        private Received<T> received(Object event, byte[] bytes) {
            // Seen as an Object: the compiler's own cast would fail with a ClassCastException, which is no bad record.
            if (!type.isInstance(event)) {
                throw new SerializationException(
                        "The record is a " + event.getClass().getName() + ", this reader expects " + type.getName());
            }
            return new Received<>(
                    type.cast(event),
                    EventDigest.sha256(bytes, WireFormat.HEADER_BYTES),
                    bytes.length - WireFormat.HEADER_BYTES);
        }
    }
}
