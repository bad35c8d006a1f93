package io.circuitstream.platform.serde;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Asks the registry once per schema id: what an id means never changes. Unknown ids are asked for again. */
final class AvroDeserializer<T extends SpecificRecord> implements Deserializer<T> {
    private final Class<T> expected;
    private final Map<Integer, Written> known = new ConcurrentHashMap<>();
    private @Nullable RegistryClient registry;

    /** @param expected {@code SpecificRecord} itself accepts every event */
    AvroDeserializer(Class<T> expected) {
        this.expected = expected;
    }

    /** A schema with which records were written, and the class of this version that reads them. */
    private record Written(Schema schema, Class<? extends SpecificRecord> type) {}

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        registry = new RegistryClient(RegistrySettings.of(configs));
        EventClasses.trust();
    }

    @Override
    public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        Written written = written(WireFormat.schemaId(bytes));
        if (!expected.isAssignableFrom(written.type())) {
            throw new SerializationException(
                    "The record is a " + written.type().getName() + ", this reader expects " + expected.getName());
        }
        return expected.cast(AvroBody.decode(bytes, WireFormat.HEADER_BYTES, written.schema(), written.type()));
    }

    private Written written(int id) {
        Written written = known.get(id);
        if (written == null) {
            written = fetch(id);
            known.put(id, written);
        }
        return written;
    }

    private Written fetch(int id) {
        if (registry == null) {
            throw new IllegalStateException("The serde is not configured");
        }
        String text = registry.schema(id)
                .orElseThrow(() -> new SerializationException("The registry has no schema with id " + id));
        try {
            Schema schema = new Schema.Parser().parse(text);
            return new Written(schema, EventClasses.of(schema));
        } catch (AvroRuntimeException e) {
            throw new SerializationException("The schema with id " + id + " is not Avro: " + e.getMessage(), e);
        }
    }
}
