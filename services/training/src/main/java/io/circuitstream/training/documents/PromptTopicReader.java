package io.circuitstream.training.documents;

import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.Fault;
import io.circuitstream.platform.stream.ProgressSink;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.stream.StartupException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the committed records of a topic once, partition after partition, without a consumer group: it leaves no trace in
 * the cluster. Thread-confined.
 */
final class PromptTopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ServiceContext context;
    private final String topic;
    private final String address;
    private final Duration patience;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Deserializer<Received<PromptSubmitted>> prompts;
    private final List<String> warnings = new ArrayList<>();
    private long unreadable;

    /**
     * What a reading found.
     *
     * @param source in messages
     * @param ends offsets up to which it read
     * @param unreadable records passed over
     */
    record Reading(String source, EndOffsets ends, long unreadable, List<String> warnings) {
        String describe() {
            return source + " up to " + ends;
        }

        String skipped() {
            return unreadable == 0 ? "" : " (" + unreadable + " unreadable records skipped)";
        }
    }

    /**
     * Puts the prompts of a topic into the sink.
     *
     * @param settings name brokers, registry and serde
     * @param topic its whole name, for example {@code circuitstream.prompts.v1}
     * @param given where to end; null for the end there is now
     * @throws StartupException if brokers, registry or topic are away, naming the address
     * @throws IllegalArgumentException if the topic does not reach so far
     */
    static Reading read(Settings settings, String topic, @Nullable EndOffsets given, TextSink sink) {
        String source = "topic " + topic + " at " + settings.get(CommonSettings.BOOTSTRAP_SERVERS);
        try (PromptTopicReader reader = new PromptTopicReader(settings, topic, PATIENCE)) {
            EndOffsets ends = given == null ? reader.ends() : given;
            reader.read(ends, sink);
            return new Reading(source, ends, reader.unreadable(), reader.warnings());
        }
    }

    /** @param patience longest time without any news from the brokers */
    PromptTopicReader(Settings settings, String topic, Duration patience) {
        this.context = ServiceContext.of("training", settings, ProgressSink.NONE);
        this.topic = topic;
        this.address = settings.get(CommonSettings.BOOTSTRAP_SERVERS);
        this.patience = patience;
        Map<String, Object> properties = new HashMap<>(settings.kafka().consumer());
        properties.put("bootstrap.servers", address);
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", false);
        properties.put("auto.offset.reset", "earliest");
        properties.put("allow.auto.create.topics", false);
        properties.put("default.api.timeout.ms", (int) patience.toMillis());
        try {
            this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        } catch (KafkaException e) {
            throw away(e);
        }
        this.prompts = context.received(PromptSubmitted.class).deserializer();
    }

    /** Of every partition, as it is now. */
    EndOffsets ends() {
        try {
            List<PartitionInfo> found = consumer.listTopics(patience).get(topic);
            if (found == null) {
                throw new StartupException("topic " + topic + " is missing at " + address
                        + ": give the name of a topic of prompts, prefix and version included");
            }
            List<TopicPartition> partitions = found.stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.pause(partitions);
            Map<Integer, Long> ends = new HashMap<>();
            consumer.endOffsets(partitions).forEach((partition, end) -> ends.put(partition.partition(), end));
            return new EndOffsets(ends);
        } catch (KafkaException e) {
            throw away(e);
        }
    }

    /**
     * Puts what stands before the ends into the sink, in the order of partitions and offsets.
     *
     * @throws IllegalArgumentException if the topic does not reach so far
     * @throws StartupException if brokers or registry are away
     */
    void read(EndOffsets ends, TextSink sink) {
        EndOffsets now = ends();
        ends.byPartition().forEach((partition, end) -> {
            long reached = now.byPartition().getOrDefault(partition, -1L);
            if (end > reached) {
                throw new IllegalArgumentException("end offset " + end + " of partition " + partition
                        + " is beyond the end " + Math.max(0, reached) + " of topic " + topic + " at " + address
                        + ": is it the topic from which the offsets were taken?");
            }
        });
        try {
            ends.byPartition().forEach((partition, end) -> read(new TopicPartition(topic, partition), end, sink));
        } catch (KafkaException e) {
            throw away(e);
        }
    }

    private void read(TopicPartition partition, long end, TextSink sink) {
        consumer.resume(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long position = consumer.position(partition);
        if (position > 0 && end > 0) {
            warnings.add("the first " + Math.min(position, end) + " records of partition " + partition.partition()
                    + " of topic " + topic + " are gone: a run that was begun before had other documents");
        }
        long lastNews = System.nanoTime();
        while (position < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
                if (record.offset() < end && !add(record, sink)) {
                    unreadable++;
                }
            }
            // Also moves over what is no record: transaction markers and what was aborted.
            long reached = consumer.position(partition);
            if (reached > position) {
                lastNews = System.nanoTime();
            } else if (System.nanoTime() - lastNews > patience.toNanos()) {
                throw new StartupException("no records of topic " + topic + " from " + address + " for "
                        + patience.toSeconds() + " s, at offset " + position + " of " + end + " of partition "
                        + partition.partition() + ": check that the brokers run, then start again");
            }
            position = reached;
        }
        consumer.pause(List.of(partition));
    }

    /** False if the record is no prompt that the model can read. */
    private boolean add(ConsumerRecord<byte[], byte[]> record, TextSink sink) {
        Received<PromptSubmitted> received;
        try {
            received = prompts.deserialize(record.topic(), record.headers(), record.value());
        } catch (RuntimeException e) {
            // The boundary of a record: what is away or refuses says nothing about it.
            if (Fault.of(e) == Fault.RECORD) {
                return false;
            }
            throw new StartupException(
                    "the schemas of topic " + topic + " cannot be read from the registry at "
                            + context.settings().get(CommonSettings.REGISTRY_URL)
                            + ": check that it runs, or name yours with --schema-registry-url (" + e.getMessage() + ")",
                    e);
        }
        return received != null && add(received.event(), sink);
    }

    private static boolean add(PromptSubmitted prompt, TextSink sink) {
        if (prompt.getMessages() != null || (prompt.getText() == null) == (prompt.getTokenIds() == null)) {
            return false;
        }
        if (prompt.getText() != null) {
            sink.addText(prompt.getText().strip(), "");
            return true;
        }
        try {
            sink.addIds(
                    prompt.getTokenIds().stream().mapToInt(Integer::intValue).toArray(), "");
            return true;
        } catch (IllegalArgumentException e) {
            return false; // Ids of another model.
        }
    }

    /** Records passed over so far. */
    private long unreadable() {
        return unreadable;
    }

    private List<String> warnings() {
        return List.copyOf(warnings);
    }

    private StartupException away(KafkaException e) {
        return new StartupException(
                "topic " + topic + " cannot be read at " + address
                        + ": check that the brokers run, or name yours with --bootstrap-servers (" + e.getMessage()
                        + ")",
                e);
    }

    @Override
    public void close() {
        consumer.close();
        context.close();
    }
}
