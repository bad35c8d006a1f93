package io.circuitstream.standalone.bench;

import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Status;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ProgressSink;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.stream.StartupException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends prompts and waits for their committed reports, as a client does that keeps its connections: a trace costs no start
 * of a producer and no reading of the larger results. Thread-confined.
 */
final class PromptClient implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ServiceContext context;
    private final KafkaProducer<String, PromptSubmitted> producer;
    private final KafkaConsumer<String, ValidationReport> consumer;

    /** Reads reports from now on. */
    PromptClient(Settings settings) {
        context = ServiceContext.of("bench", settings, ProgressSink.NONE);
        Map<String, Object> sending = new HashMap<>(settings.kafka().producer());
        sending.put("bootstrap.servers", settings.get(CommonSettings.BOOTSTRAP_SERVERS));
        sending.put("linger.ms", 0);
        producer = new KafkaProducer<>(
                sending,
                new StringSerializer(),
                context.serde(PromptSubmitted.class).serializer());
        Map<String, Object> reading = new HashMap<>(settings.kafka().consumer());
        reading.put("bootstrap.servers", settings.get(CommonSettings.BOOTSTRAP_SERVERS));
        reading.put("isolation.level", "read_committed");
        reading.put("enable.auto.commit", false);
        Deserializer<ValidationReport> reports =
                context.serde(ValidationReport.class).deserializer();
        consumer = new KafkaConsumer<>(reading, new StringDeserializer(), reports);
        List<TopicPartition> partitions = consumer.partitionsFor(context.topic(Event.VALIDATIONS)).stream()
                .map(p -> new TopicPartition(p.topic(), p.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    /**
     * Sends all of them at once and returns when every one has its report.
     *
     * @param validated told after each how many have theirs
     * @throws StartupException when one FAILED, or none came for two minutes
     */
    void trace(List<PromptSubmitted> prompts, IntConsumer validated) {
        Set<String> open = new HashSet<>();
        prompts.forEach(prompt -> open.add(prompt.getPromptId()));
        send(prompts);
        long lastNews = System.nanoTime();
        while (!open.isEmpty()) {
            for (ConsumerRecord<String, ValidationReport> report : consumer.poll(POLL)) {
                if (open.remove(report.key())) {
                    lastNews = System.nanoTime();
                    requireOk(report.value());
                    validated.accept(prompts.size() - open.size());
                }
            }
            if (System.nanoTime() - lastNews > PATIENCE.toNanos()) {
                throw new StartupException(
                        open.size() + " prompts have no report after " + PATIENCE.toSeconds() + " s without any");
            }
        }
    }

    private void send(List<PromptSubmitted> prompts) {
        List<Future<?>> sent = new ArrayList<>();
        for (PromptSubmitted prompt : prompts) {
            sent.add(producer.send(new ProducerRecord<>(context.topic(Event.PROMPTS), prompt.getPromptId(), prompt)));
        }
        try {
            for (Future<?> one : sent) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new StartupException(
                    "a prompt could not be sent: " + e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("interrupted while sending", e);
        }
    }

    private static void requireOk(ValidationReport report) {
        if (report.getStatus() == Status.FAILED) {
            throw new StartupException(
                    "prompt " + report.getPromptId() + " cannot be measured: " + report.getMessage());
        }
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
        context.close();
    }
}
