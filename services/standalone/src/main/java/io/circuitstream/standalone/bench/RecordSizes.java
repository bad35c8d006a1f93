package io.circuitstream.standalone.bench;

import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.StartupException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** How large the committed values of a topic are. */
final class RecordSizes {
    private static final Duration POLL = Duration.ofMillis(100);

    private RecordSizes() {}

    /** Bytes of a topic's segments at one replica. */
    static long onDisk(Settings settings, String topic) {
        Map<String, Object> properties = Map.of("bootstrap.servers", settings.get(CommonSettings.BOOTSTRAP_SERVERS));
        try (Admin admin = Admin.create(properties)) {
            List<Integer> brokers =
                    admin.describeCluster().nodes().get().stream().map(Node::id).toList();
            return admin.describeLogDirs(brokers).allDescriptions().get().values().stream()
                    .flatMap(folders -> folders.values().stream())
                    .flatMap(folder -> folder.replicaInfos().entrySet().stream())
                    .filter(replica -> replica.getKey().topic().equals(topic))
                    .mapToLong(replica -> replica.getValue().size())
                    .sum();
        } catch (ExecutionException e) {
            throw new StartupException("the brokers do not say how large " + topic + " is: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("interrupted while asking how large " + topic + " is", e);
        }
    }

    /** Mean bytes of a value, of everything that is in the topic now. */
    static int mean(Settings settings, String topic) {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                settings.get(CommonSettings.BOOTSTRAP_SERVERS),
                "isolation.level",
                "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long bytes = 0;
            long records = 0;
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    bytes += record.serializedValueSize();
                    records++;
                }
            }
            return records == 0 ? 0 : Math.toIntExact(bytes / records);
        }
    }
}
