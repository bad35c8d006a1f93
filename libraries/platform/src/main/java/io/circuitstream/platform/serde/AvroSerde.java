package io.circuitstream.platform.serde;

import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Events in Confluent's wire format, interchangeable with {@code SpecificAvroSerde}: the same bytes, subjects
 * ({@code <topic>-value}) and configuration keys ({@code schema.registry.url}, {@code basic.auth.*}, {@code
 * bearer.auth.token}, {@code auto.register.schemas}, {@code use.latest.version}, {@code max.retries}, {@code
 * retries.wait.ms}, …).
 *
 * <p>Throws {@code SerializationException} for bytes that will never be readable, {@link RegistryUnavailableException}
 * when no registry answers and {@link RegistryRefusedException} when it refuses. Safe for use by several threads once it
 * is configured.
 */
public final class AvroSerde<T extends SpecificRecord> implements Serde<T> {
    private final AvroSerializer<T> serializer = new AvroSerializer<>();
    private final AvroDeserializer<T> deserializer;
    private final Class<T> type;

    /** Reads any event; for Kafka, which makes serdes by their class name. A wrong type shows at the first cast. */
    @SuppressWarnings("unchecked")
    public AvroSerde() {
        this((Class<T>) SpecificRecord.class);
    }

    /** Reads events of one type; a record of another type is a bad record. */
    public AvroSerde(Class<T> type) {
        this.type = type;
        deserializer = new AvroDeserializer<>(type);
    }

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        serializer.configure(configs, isKey);
        deserializer.configure(configs, isKey);
    }

    /**
     * Registers, or looks up, the schema of this serde's type for a topic. At start, so that a version with an
     * incompatible schema stops there and not at its first record.
     *
     * @throws RegistryRefusedException with the registry's reasons
     * @throws RegistryUnavailableException if no registry answers
     */
    public void prepare(String topic) {
        if (type.isInterface()) {
            throw new IllegalStateException("Only a serde of one type has a schema to prepare");
        }
        prepare(topic, SpecificData.get().getSchema(type));
    }

    /** The same for a serde of any event. */
    public void prepare(String topic, Schema schema) {
        serializer.prepare(topic, schema);
    }

    @Override
    public Serializer<T> serializer() {
        return serializer;
    }

    @Override
    public Deserializer<T> deserializer() {
        return deserializer;
    }
}
