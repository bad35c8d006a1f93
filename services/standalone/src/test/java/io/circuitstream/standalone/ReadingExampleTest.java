package io.circuitstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.embedded.EmbeddedBroker;
import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.Columns;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.Status;
import io.circuitstream.platform.serde.AvroSerde;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines of Java on docs/topics.md read a circuit. */
class ReadingExampleTest {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Path SOURCE =
            Path.of("services/standalone/src/test/java/io/circuitstream/standalone/ReadingExampleTest.java");

    @Test
    void shouldBeTheLinesOfThePageWhenTheyAreRun() throws IOException {
        String code = Files.readString(DocumentationTest.root().resolve(SOURCE));
        String lines = code.substring(code.indexOf("// begin\n") + 9, code.indexOf("\n        // end"))
                        .stripIndent()
                + "\n";

        assertThat(BLOCK.matcher(Files.readString(DocumentationTest.root().resolve("docs/topics.md")))
                        .results()
                        .map(match -> match.group(1)))
                .containsExactly(lines);
    }

    @Test
    void shouldYieldTheWeightsOfACircuitWhenOneIsCommitted(@TempDir Path folder) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
                EmbeddedRegistry registry = EmbeddedRegistry.start(folder.resolve("registry"), 0)) {
            send(broker.bootstrapServers(), registry.url());
            Map<String, float[]> circuits = new HashMap<>();
            long limit = System.nanoTime() + LIMIT.toNanos();

            read(
                    broker.bootstrapServers(),
                    registry.url(),
                    () -> circuits.isEmpty() && System.nanoTime() < limit,
                    circuits::put);

            assertThat(circuits).containsOnlyKeys("p1");
            assertThat(circuits.get("p1")).containsExactly(0.5f, -1.25f);
        }
    }

    /** One that its transaction takes back, then one that counts. */
    private static void send(String servers, String registry) throws Exception {
        String topic = "circuitstream.circuits.v1";
        Map<String, Object> config =
                Map.of("bootstrap.servers", servers, "schema.registry.url", registry, "transactional.id", "example");
        try (Admin admin = Admin.create(config)) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
        AvroSerde<Circuit> serde = new AvroSerde<>(Circuit.class);
        serde.configure(config, false);
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), serde.serializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, "p0", circuit("p0"))).get();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, "p1", circuit("p1"))).get();
            producer.commitTransaction();
        }
    }

    private static Circuit circuit(String promptId) {
        return Circuit.newBuilder()
                .setPromptId(promptId)
                .setStatus(Status.OK)
                .setRequest(PromptSubmitted.newBuilder().setPromptId(promptId).build())
                .setProvenance(Provenance.newBuilder().build())
                .setEdgeWeight(Columns.of(new float[] {0.5f, -1.25f}))
                .build();
    }

    private static void read(
            String servers, String registry, BooleanSupplier more, BiConsumer<String, float[]> reader) {
        // begin
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", servers);
        config.put("schema.registry.url", registry);
        config.put("group.id", "my-reader");
        config.put("isolation.level", "read_committed");
        config.put("auto.offset.reset", "earliest");
        config.put("max.partition.fetch.bytes", 17 * 1024 * 1024);
        AvroSerde<Circuit> serde = new AvroSerde<>(Circuit.class);
        serde.configure(config, false);
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), serde.deserializer())) {
            consumer.subscribe(List.of("circuitstream.circuits.v1"));
            while (more.getAsBoolean()) {
                consumer.poll(Duration.ofSeconds(1)).forEach(record -> {
                    Circuit circuit = record.value(); // status FAILED: message says why, columns are empty
                    reader.accept(record.key(), Columns.floats(circuit.getEdgeWeight()));
                });
            }
        }
        // end
    }
}
