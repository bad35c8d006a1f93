package io.circuitstream.platform.serde;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Asks the registry once per subject and schema, then never again. */
final class AvroSerializer<T extends SpecificRecord> implements Serializer<T> {
    private final Map<Key, Target> targets = new ConcurrentHashMap<>();
    private @Nullable RegistrySettings settings;
    private boolean isKey;

    private record Key(String subject, Schema schema) {}

    /** The schema under which an event is written. */
    private record Target(int id, Schema schema) {}

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        this.settings = RegistrySettings.of(configs);
        this.isKey = isKey;
        EventClasses.trust();
    }

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable T event) {
        if (event == null) {
            return null;
        }
        Schema own = event.getSchema();
        byte[] body = AvroBody.encode(event);
        Target target = target(topic, own);
        return WireFormat.frame(
                target.id(), target.schema().equals(own) ? body : AvroBody.transcode(body, own, target.schema()));
    }

    void prepare(String topic, Schema schema) {
        target(topic, schema);
    }

    private Target target(String topic, Schema schema) {
        Key key = new Key(topic + (isKey ? "-key" : "-value"), schema);
        Target target = targets.get(key);
        if (target == null) {
            // Two threads may ask at the same time; the answer is the same.
            target = resolve(key);
            targets.put(key, target);
        }
        return target;
    }

    private Target resolve(Key key) {
        if (settings == null) {
            throw new IllegalStateException("The serde is not configured");
        }
        RegistryClient registry = new RegistryClient(settings);
        if (settings.useLatest()) {
            return latest(registry, key);
        }
        int id = settings.autoRegister()
                ? registry.register(key.subject(), key.schema())
                : registry.lookup(key.subject(), key.schema());
        return new Target(id, key.schema());
    }

    private static Target latest(RegistryClient registry, Key key) {
        RegistryClient.Registered latest = registry.latest(key.subject());
        try {
            Schema schema = new Schema.Parser().parse(latest.schema());
            var result = SchemaCompatibility.checkReaderWriterCompatibility(schema, key.schema());
            if (result.getType() == SchemaCompatibilityType.COMPATIBLE) {
                return new Target(latest.id(), schema);
            }
            throw new RegistryRefusedException("The latest schema of subject " + key.subject() + " (id " + latest.id()
                    + ") cannot carry this version's events: "
                    + result.getResult().getIncompatibilities());
        } catch (AvroRuntimeException e) {
            throw new RegistryRefusedException(
                    "The latest schema of subject " + key.subject() + " is not Avro: " + e.getMessage(), e);
        }
    }
}
