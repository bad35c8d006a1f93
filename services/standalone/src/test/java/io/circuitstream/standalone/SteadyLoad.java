package io.circuitstream.standalone;

import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.AuditFinding;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitVector;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.standalone.client.EventClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;

/**
 * The sample prompts, over and over, one every 0.5 to 1 s, and when results of each topic arrived at somebody who reads what is committed.
 * Sends and reads on a thread of its own. Thread-safe.
 */
final class SteadyLoad implements AutoCloseable {
    private static final long SHORTEST_MS = 500;
    private static final int SPREAD_MS = 500;
    private static final Map<Event, Class<? extends SpecificRecord>> RESULTS = new EnumMap<>(Map.of(
            Event.INFERENCES, InferenceCompleted.class,
            Event.GRAPHS, AttributionGraph.class,
            Event.CIRCUITS, Circuit.class,
            Event.VALIDATIONS, ValidationReport.class,
            Event.FEATURES, FeatureDescription.class,
            Event.VECTORS, CircuitVector.class,
            Event.FINDINGS, AuditFinding.class));

    private final EventClient client;
    private final Random random;
    private final List<PromptSubmitted> samples;
    private final List<String> sent = new ArrayList<>();
    private final Map<Event, List<Long>> arrivals = new EnumMap<>(Event.class);
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean stopping;

    SteadyLoad(Settings settings, long seed) throws IOException {
        client = new EventClient("load", settings, RESULTS);
        random = new Random(seed);
        samples = new ArrayList<>(Samples.prompts());
        RESULTS.keySet().forEach(event -> arrivals.put(event, new ArrayList<>()));
    }

    /** Once. */
    void start() {
        new Thread(this::run, "load").start();
    }

    private void run() {
        try {
            sendAndRead();
            ended.complete(null);
        } catch (RuntimeException | Error e) {
            ended.completeExceptionally(e);
        }
    }

    /** Only whole rounds, so that each sample was sent equally often. */
    private void sendAndRead() {
        while (!stopping) {
            Collections.shuffle(samples, random);
            for (PromptSubmitted sample : samples) {
                String id = "restart-" + sent().size();
                client.send(
                        Event.PROMPTS,
                        PromptSubmitted.class,
                        List.of(PromptSubmitted.newBuilder(sample)
                                .setPromptId(id)
                                .setValidation(Samples.FEW)
                                .build()),
                        PromptSubmitted::getPromptId);
                synchronized (this) {
                    sent.add(id);
                }
                long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SHORTEST_MS + random.nextInt(SPREAD_MS));
                while (System.nanoTime() < due) {
                    client.poll(key -> true, (key, value) -> arrived(value));
                }
            }
        }
    }

    private synchronized void arrived(SpecificRecord value) {
        RESULTS.forEach((event, type) -> {
            if (type.isInstance(value)) {
                arrivals.get(event).add(System.nanoTime());
            }
        });
    }

    /** Ids of the prompts that the brokers have. */
    synchronized List<String> sent() {
        return List.copyOf(sent);
    }

    /** Whether results of every topic have arrived after this moment, as {@link System#nanoTime} has it. */
    synchronized boolean hasNewsOfAllSince(long moment) {
        if (ended.isDone()) {
            ended.join();
            throw new IllegalStateException("the load is over");
        }
        return arrivals.values().stream().allMatch(times -> !times.isEmpty() && times.get(times.size() - 1) > moment);
    }

    /** The longest time between two arrivals of each topic of which a part lies after this moment. */
    synchronized Map<Event, Duration> longestGaps(long moment) {
        Map<Event, Duration> gaps = new EnumMap<>(Event.class);
        arrivals.forEach((event, times) -> {
            long longest = 0;
            for (int i = 1; i < times.size(); i++) {
                if (times.get(i) > moment) {
                    longest = Math.max(longest, times.get(i) - times.get(i - 1));
                }
            }
            gaps.put(event, Duration.ofNanos(longest));
        });
        return gaps;
    }

    /** Ends the load with the round that is begun. */
    void finish() {
        stopping = true;
        ended.join();
    }

    @Override
    public void close() {
        stopping = true;
        try {
            ended.join();
        } finally {
            client.close();
        }
    }
}
