package io.circuitstream.standalone.trace;

import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.ProgressState;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.StageProgress;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ProgressSink;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.stream.StartupException;
import io.circuitstream.platform.topics.RecordLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends prompts to a deployment and collects what becomes of them, as any client could: a producer, and a consumer that
 * reads committed records. Thread-confined.
 */
public final class KafkaTracer implements AutoCloseable {
    private static final Duration CONTACT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(20);
    /** How long results wait for the progress events that carry their timings. */
    private static final long TIMINGS_WAIT_MS = 300;

    private final ServiceContext context;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<String, Event> eventOf = new HashMap<>();
    private final Map<Event, Deserializer<? extends SpecificRecord>> deserializers = new HashMap<>();
    private final boolean wantGraphs;

    /** What has arrived of one prompt. */
    private static final class Partial {
        final long start = System.nanoTime();
        final Map<String, Long> stageMs = new LinkedHashMap<>();

        @Nullable
        InferenceCompleted inference;

        @Nullable
        AttributionGraph graph;

        @Nullable
        Circuit circuit;

        @Nullable
        ValidationReport report;

        long end;
    }

    /**
     * Finds the end of every result topic; what is sent from now on is seen.
     *
     * @throws StartupException when no broker answers or topics are missing
     */
    public KafkaTracer(Settings settings, boolean wantGraphs) {
        this.context = ServiceContext.of("trace", settings, ProgressSink.NONE);
        this.wantGraphs = wantGraphs;
        Map<String, Object> properties = new HashMap<>(settings.kafka().consumer());
        properties.put("bootstrap.servers", settings.get(CommonSettings.BOOTSTRAP_SERVERS));
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", false);
        properties.put("fetch.max.wait.ms", 20);
        properties.put("default.api.timeout.ms", (int) CONTACT.toMillis());
        this.consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        listen(Event.INFERENCES, InferenceCompleted.class);
        listen(Event.CIRCUITS, Circuit.class);
        listen(Event.VALIDATIONS, ValidationReport.class);
        listen(Event.PROGRESS, StageProgress.class);
        if (wantGraphs) {
            listen(Event.GRAPHS, AttributionGraph.class);
        }
        seekToEnd(settings.get(CommonSettings.BOOTSTRAP_SERVERS));
    }

    private <T extends SpecificRecord> void listen(Event event, Class<T> type) {
        eventOf.put(context.topic(event), event);
        deserializers.put(event, context.serde(type).deserializer());
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
     * Sends the prompts at once and waits for all results.
     *
     * @param patience longest time without any news
     * @throws StartupException when there is no news for so long
     */
    public void trace(List<PromptSubmitted> prompts, Duration patience, TraceListener listener) {
        Map<String, Partial> open = new LinkedHashMap<>();
        prompts.forEach(p -> open.put(p.getPromptId(), new Partial()));
        send(prompts);
        long lastNews = System.nanoTime();
        while (!open.isEmpty()) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                Partial partial = open.get(record.key());
                if (partial != null) {
                    lastNews = System.nanoTime();
                    accept(partial, record, listener);
                }
            }
            finish(open, listener);
            if (System.nanoTime() - lastNews > patience.toNanos()) {
                throw new StartupException("no news of " + open.size() + " prompts for " + patience.toSeconds()
                        + " s: are the services running? First of them: "
                        + open.keySet().iterator().next());
            }
        }
    }

    private void send(List<PromptSubmitted> prompts) {
        Map<String, Object> properties =
                new HashMap<>(context.settings().kafka().producer());
        properties.put("bootstrap.servers", context.settings().get(CommonSettings.BOOTSTRAP_SERVERS));
        properties.put("linger.ms", 0);
        properties.put("max.request.size", RecordLimits.MAX_RECORD_BYTES);
        try (KafkaProducer<String, PromptSubmitted> producer = new KafkaProducer<>(
                properties,
                new StringSerializer(),
                context.serde(PromptSubmitted.class).serializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (PromptSubmitted prompt : prompts) {
                sent.add(producer.send(
                        new ProducerRecord<>(context.topic(Event.PROMPTS), prompt.getPromptId(), prompt)));
            }
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

    private void accept(Partial partial, ConsumerRecord<String, byte[]> record, TraceListener listener) {
        Event event = eventOf.get(record.topic());
        SpecificRecord value = deserializers.get(event).deserialize(record.topic(), record.headers(), record.value());
        if (value instanceof InferenceCompleted inference) {
            partial.inference = inference;
        } else if (value instanceof AttributionGraph graph) {
            partial.graph = graph;
        } else if (value instanceof Circuit circuit) {
            partial.circuit = circuit;
        } else if (value instanceof ValidationReport report) {
            partial.report = report;
            partial.end = System.nanoTime();
        } else if (value instanceof StageProgress progress) {
            if (progress.getState() == ProgressState.COMPLETED || progress.getState() == ProgressState.FAILED) {
                partial.stageMs.put(progress.getStage(), progress.getElapsedMs());
            }
            listener.progress(progress);
        }
    }

    private void finish(Map<String, Partial> open, TraceListener listener) {
        open.values().removeIf(p -> {
            if (p.inference == null || p.circuit == null || p.report == null || (wantGraphs && p.graph == null)) {
                return false;
            }
            long waited = (System.nanoTime() - p.end) / 1_000_000;
            if (p.stageMs.size() < 4 && waited < TIMINGS_WAIT_MS) {
                return false;
            }
            listener.done(
                    new Trace(p.inference, p.graph, p.circuit, p.report, p.stageMs, (p.end - p.start) / 1_000_000));
            return true;
        });
    }

    @Override
    public void close() {
        consumer.close();
        context.close();
    }
}
