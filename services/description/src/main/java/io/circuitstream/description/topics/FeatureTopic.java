package io.circuitstream.description.topics;

import io.circuitstream.events.FeatureDescription;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ProgressSink;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.stream.StartupException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads the features topic of a deployment from its beginning to what is its end now. */
public final class FeatureTopic {
    private static final Duration CONTACT = Duration.ofSeconds(10);

    private FeatureTopic() {}

    /**
     * Hands over every committed description, those of one feature in their order: the last one counts.
     *
     * @throws StartupException when no broker answers or the topic is missing
     */
    public static void read(Settings settings, Consumer<FeatureDescription> reader) {
        Map<String, Object> properties = new HashMap<>(settings.kafka().consumer());
        properties.put("bootstrap.servers", settings.get(CommonSettings.BOOTSTRAP_SERVERS));
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", false);
        properties.put("default.api.timeout.ms", (int) CONTACT.toMillis());
        try (ServiceContext context = ServiceContext.of("export", settings, ProgressSink.NONE);
                KafkaConsumer<String, byte[]> consumer =
                        new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            String topic = context.topic(Event.FEATURES);
            Deserializer<FeatureDescription> deserializer =
                    context.serde(FeatureDescription.class).deserializer();
            List<TopicPartition> partitions = partitions(consumer, topic, settings);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (record.value() != null) {
                        reader.accept(deserializer.deserialize(topic, record.value()));
                    }
                });
            }
        } catch (TimeoutException e) {
            throw new StartupException(
                    "no Kafka broker answers at " + settings.get(CommonSettings.BOOTSTRAP_SERVERS)
                            + ": start one with `circuitstream up`, or name yours with --bootstrap-servers",
                    e);
        }
    }

    private static List<TopicPartition> partitions(
            KafkaConsumer<String, byte[]> consumer, String topic, Settings settings) {
        var found = consumer.listTopics(CONTACT).get(topic);
        if (found == null) {
            throw new StartupException("topic " + topic + " is missing at "
                    + settings.get(CommonSettings.BOOTSTRAP_SERVERS) + ": run `circuitstream topics --apply`");
        }
        return found.stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }
}
