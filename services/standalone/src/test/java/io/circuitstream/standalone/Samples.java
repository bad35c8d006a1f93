package io.circuitstream.standalone;

import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.StageProgress;
import io.circuitstream.events.Topics;
import io.circuitstream.events.ValidationSettings;
import io.circuitstream.platform.serde.EventDigest;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.standalone.trace.KafkaTracer;
import io.circuitstream.standalone.trace.PromptFile;
import io.circuitstream.standalone.trace.Trace;
import io.circuitstream.standalone.trace.TraceListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The shipped model and its ten sample prompts, and collecting what becomes of prompts. */
final class Samples {
    static final Path MODEL = Path.of("../../models/tiny-ten");
    static final Path TRANSCODER = MODEL.resolve("clt");
    /** As a service has it that is not told otherwise. */
    static final int THREADS = 1;

    static final Duration PATIENCE = Duration.ofMinutes(2);

    /** For tests that are not about validation: computing takes little of the time. */
    static final ValidationSettings FEW = ValidationSettings.newBuilder()
            .setMaxFeatures(2)
            .setControls(1)
            .setTargetsPerFeature(1)
            .setFactors(List.of())
            .setConstrained(false)
            .build();

    private Samples() {}

    static List<PromptSubmitted> prompts() throws IOException {
        return PromptFile.read(MODEL.resolve("samples.jsonl"), Samples::request);
    }

    /** A request with defaults; its id is its text, so that it is the same in every run. */
    static PromptSubmitted.Builder request(String text) {
        return PromptSubmitted.newBuilder().setPromptId("test: " + text).setText(text);
    }

    static Deployment.Options options(Path data) {
        return new Deployment.Options(data, Deployment.Ports.ANY, MODEL, TRANSCODER, THREADS, 64);
    }

    /** Traces by prompt id. */
    static Map<String, Trace> trace(Settings settings, List<PromptSubmitted> prompts) {
        Collector collector = new Collector();
        try (KafkaTracer tracer = new KafkaTracer(settings, true)) {
            tracer.trace(prompts, PATIENCE, collector);
        }
        return collector.traces;
    }

    /** What identifies the bytes of all four results, by prompt id. */
    static Map<String, List<String>> digests(Map<String, Trace> traces) {
        Map<String, List<String>> digests = new TreeMap<>();
        traces.forEach((id, t) -> digests.put(
                id,
                List.of(
                        EventDigest.sha256(t.inference()),
                        EventDigest.sha256(t.graph()),
                        EventDigest.sha256(t.circuit()),
                        EventDigest.sha256(t.report()))));
        return digests;
    }

    /** Keys of all committed records of a topic. */
    static List<String> keys(Settings settings, Topics.Event event) {
        return records(settings, event).stream().map(ConsumerRecord::key).toList();
    }

    /** All committed records of a topic, read from the beginning as any client could. */
    static List<ConsumerRecord<String, byte[]>> records(Settings settings, Topics.Event event) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                settings.get(CommonSettings.BOOTSTRAP_SERVERS),
                "isolation.level",
                "read_committed");
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            String topic = new Topics(settings.get(CommonSettings.TOPIC_PREFIX)).name(event);
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    /** Keeps every trace. */
    static final class Collector implements TraceListener {
        final Map<String, Trace> traces = new TreeMap<>();

        @Override
        public void progress(StageProgress progress) {}

        @Override
        public void done(Trace trace) {
            traces.put(trace.inference().getPromptId(), trace);
        }
    }
}
