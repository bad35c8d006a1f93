package io.circuitstream.dashboard.commands;

import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.topics.RecordLimits;
import io.circuitstream.platform.topics.Refusals;
import io.circuitstream.platform.tracing.Tracing;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Sends events and waits until the brokers have them. Thread-safe. */
public final class EventProducer implements AutoCloseable {
    private static final int TIMEOUT_MS = 10_000;

    private final ServiceContext context;
    private final KafkaProducer<String, byte[]> producer;

    public EventProducer(ServiceContext context) {
        this.context = context;
        Map<String, Object> properties =
                new HashMap<>(context.settings().kafka().producer());
        properties.put("bootstrap.servers", context.settings().get(CommonSettings.BOOTSTRAP_SERVERS));
        properties.put("client.id", context.applicationId());
        properties.put("acks", "all");
        properties.put("enable.idempotence", true);
        properties.put("linger.ms", 0);
        properties.put("max.request.size", RecordLimits.MAX_RECORD_BYTES);
        properties.put("max.block.ms", TIMEOUT_MS / 2);
        properties.put("request.timeout.ms", TIMEOUT_MS / 2);
        properties.put("delivery.timeout.ms", TIMEOUT_MS);
        this.producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    /** The event in the wire format, as {@link #send} takes it. */
    public <T extends SpecificRecord> byte[] bytes(Event topic, Class<T> type, T event) {
        return context.serde(type).serializer().serialize(context.topic(topic), event);
    }

    /**
     * Returns when the brokers have it.
     *
     * @throws CommandException when they do not take it in time
     * @throws org.apache.kafka.common.errors.AuthorizationException when they refuse it
     */
    public <T extends SpecificRecord> void send(Event topic, String key, Class<T> type, T event) {
        send(topic, key, bytes(topic, type, event));
    }

    /** Takes a key of a compacted topic back. */
    public void remove(Event topic, String key) {
        send(topic, key, null);
    }

    /** As the other, of {@code bytes} that {@link #bytes} made; null takes the key back. */
    public void send(Event topic, String key, byte @Nullable [] bytes) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(context.topic(topic), key, bytes);
        Tracing.write(record.headers());
        try {
            producer.send(record).get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            if (e instanceof TopicAuthorizationException || e.getCause() instanceof TopicAuthorizationException) {
                throw Refusals.topic(AclOperation.WRITE, record.topic());
            }
            throw new CommandException("the brokers did not take the event in time: try again", e);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofMillis(TIMEOUT_MS / 2));
    }
}
