package io.circuitstream.standalone.client;

import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ProgressSink;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.stream.StartupException;
import io.circuitstream.platform.topics.RecordLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A producer, and a consumer that reads what is committed from its start on. Thread-confined. */
public final class EventClient implements AutoCloseable {
    private static final Duration CONTACT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(20);

    private final ServiceContext context;
    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<String, Event> eventOf = new HashMap<>();
    private final Map<Event, Deserializer<? extends SpecificRecord>> deserializers = new EnumMap<>(Event.class);

    /** Told of each event. */
    @FunctionalInterface
    public interface Listener {
        void event(String key, SpecificRecord value);
    }

    /**
     * Finds the end of the topics; what is sent from now on is seen.
     *
     * @param name of the client
     * @param read events to read, with their classes
     * @throws StartupException when no broker answers or topics are missing
     */
    public EventClient(String name, Settings settings, Map<Event, Class<? extends SpecificRecord>> read) {
        this.context = ServiceContext.of(name, settings, ProgressSink.NONE);
        String address = settings.get(CommonSettings.BOOTSTRAP_SERVERS);
        Map<String, Object> sending = new HashMap<>(settings.kafka().producer());
        sending.put("bootstrap.servers", address);
        sending.put("linger.ms", 0);
        sending.put("max.request.size", RecordLimits.MAX_RECORD_BYTES);
        this.producer = new KafkaProducer<>(sending, new StringSerializer(), new ByteArraySerializer());
        Map<String, Object> reading = new HashMap<>(settings.kafka().consumer());
        reading.put("bootstrap.servers", address);
        reading.put("isolation.level", "read_committed");
        reading.put("enable.auto.commit", false);
        reading.put("fetch.max.wait.ms", 20);
        reading.put("default.api.timeout.ms", (int) CONTACT.toMillis());
        this.consumer = new KafkaConsumer<>(reading, new StringDeserializer(), new ByteArrayDeserializer());
        read.forEach((event, type) -> {
            eventOf.put(context.topic(event), event);
            deserializers.put(event, context.serde(type).deserializer());
        });
        try {
            seekToEnd(address);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void seekToEnd(String address) {
        try {
            List<TopicPartition> partitions = new ArrayList<>();
            Map<String, List<PartitionInfo>> topics = consumer.listTopics(CONTACT);
            for (String topic : eventOf.keySet()) {
                if (!topics.containsKey(topic)) {
                    throw new StartupException("topic " + topic + " is missing at " + address
                            + ": run `circuitstream topics --apply --bootstrap-servers " + address + "`");
                }
                topics.get(topic).forEach(p -> partitions.add(new TopicPartition(topic, p.partition())));
            }
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            partitions.forEach(consumer::position);
        } catch (TimeoutException e) {
            throw new StartupException(
                    "no Kafka broker answers at " + address
                            + ": start one with `circuitstream up`, or name yours with --bootstrap-servers",
                    e);
        }
    }

    /**
     * Sends all of them at once and returns when the broker has them.
     *
     * @throws StartupException when one cannot be sent
     */
    public <T extends SpecificRecord> void send(Event event, Class<T> type, List<T> values, Function<T, String> key) {
        String topic = context.topic(event);
        Serializer<T> serializer = context.serde(type).serializer();
        try {
            List<Future<?>> sent = new ArrayList<>();
            for (T value : values) {
                byte[] bytes = serializer.serialize(topic, value);
                sent.add(producer.send(new ProducerRecord<>(topic, key.apply(value), bytes)));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        } catch (ApiException e) {
            throw notSent(topic, e);
        } catch (ExecutionException e) {
            throw notSent(topic, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("interrupted while sending", e);
        }
    }

    private static StartupException notSent(String topic, Throwable cause) {
        return new StartupException("a record could not be sent to " + topic + ": " + cause.getMessage(), cause);
    }

    /** Waits a moment and tells of what came; events of keys that are not wanted are not decoded. */
    public void poll(Predicate<String> wanted, Listener listener) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
            if (record.key() != null && wanted.test(record.key())) {
                Deserializer<? extends SpecificRecord> deserializer = deserializers.get(eventOf.get(record.topic()));
                listener.event(
                        record.key(), deserializer.deserialize(record.topic(), record.headers(), record.value()));
            }
        }
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
        context.close();
    }
}
