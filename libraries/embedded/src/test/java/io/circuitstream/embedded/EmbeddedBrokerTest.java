package io.circuitstream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedBrokerTest {
    private static final String TOPIC = "kept";

    @TempDir
    Path folder;

    @Test
    void shouldKeepTopicsAndRecordsWhenRestartedOnTheSameAndOnAnotherPort() throws Exception {
        String first;
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            first = broker.bootstrapServers();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", first))) {
                admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)))
                        .all()
                        .get();
            }
            send(first, "one".getBytes(StandardCharsets.UTF_8));
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            assertThat(broker.bootstrapServers()).isEqualTo(first);
            assertThat(values(first, 1)).containsExactly("one");
            send(first, "two".getBytes(StandardCharsets.UTF_8));
        }
        int other = freePort();
        // The controller's old port is taken as well, so that it has to move too.
        try (ServerSocket ignored = occupy(controllerPort());
                EmbeddedBroker broker = EmbeddedBroker.start(folder, other)) {
            assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + other);
            assertThat(values(broker.bootstrapServers(), 2)).containsExactly("one", "two");
        }
    }

    @Test
    void shouldHoldItsFolderAndTakeLargeRecordsWhenRunning() throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start(folder, 0);
        try {
            assertThatThrownBy(() -> EmbeddedBroker.start(folder, 0))
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining("in use by another start");
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)))
                        .all()
                        .get();
            }
            send(broker.bootstrapServers(), new byte[16 * 1024 * 1024]);
            assertThat(values(broker.bootstrapServers(), 1)).first().satisfies(value -> assertThat(value)
                    .hasSize(16 * 1024 * 1024));
        } finally {
            broker.close();
        }
        broker.close();
        try (FolderLock released = FolderLock.acquire(folder, "broker.lock")) {
            assertThat(released).isNotNull();
        }
    }

    @Test
    void shouldNameThePortWhenItIsInUse() throws Exception {
        try (ServerSocket occupied = occupy(0)) {
            int port = occupied.getLocalPort();
            assertThatThrownBy(() -> EmbeddedBroker.start(folder, port))
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessage("port " + port + " is in use: choose another with --port");
        }
        try (FolderLock released = FolderLock.acquire(folder, "broker.lock")) {
            assertThat(released).isNotNull();
        }
    }

    @Test
    void shouldRefuseAnOverrideOfWhatTheBrokerOwns() throws Exception {
        for (String key : List.of("node.id", "listeners", "log.dirs")) {
            assertThatThrownBy(() -> EmbeddedBroker.start(folder, 0, Map.of(key, "1")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(key);
        }
        try (FolderLock released = FolderLock.acquire(folder, "broker.lock")) {
            assertThat(released).isNotNull();
        }
    }

    private int controllerPort() throws IOException {
        return Files.readAllLines(folder.resolve("ports.properties")).stream()
                .filter(line -> line.startsWith("controller="))
                .mapToInt(line -> Integer.parseInt(line.substring("controller=".length())))
                .findFirst()
                .orElseThrow();
    }

    private static ServerSocket occupy(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = occupy(0)) {
            return socket.getLocalPort();
        }
    }

    private static void send(String bootstrap, byte[] value) throws Exception {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrap,
                "max.request.size",
                BrokerProperties.MAX_MESSAGE_BYTES,
                "buffer.memory",
                2L * BrokerProperties.MAX_MESSAGE_BYTES);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(TOPIC, value)).get();
        }
    }

    private static List<String> values(String bootstrap, int count) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(TOPIC, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            List<String> values = new ArrayList<>();
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (values.size() < count && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    values.add(new String(record.value(), StandardCharsets.UTF_8));
                }
            }
            return values;
        }
    }
}
