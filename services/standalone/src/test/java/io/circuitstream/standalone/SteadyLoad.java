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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;

/**
 * The sample prompts, over and over, one every 0.5 to 1 s, and when results of each topic arrived at somebody who reads what is committed.
 * Sends and reads on a thread of its own. Thread-safe.
 */
final class SteadyLoad implements AutoCloseable {
    private static final long SHORTEST_MS = 500;
    private static final int SPREAD_MS = 500;
    /** So that a busy machine, which cannot keep up, has no queue that hides what a restart does. */
    private static final int MOST_OPEN = 12;

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
    private final Map<String, Long> sent = new LinkedHashMap<>();
    private final Map<Event, List<Arrival>> arrivals = new EnumMap<>(Event.class);
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean stopping;

    /** When a result came and whose it is; a description is nobody's. */
    private record Arrival(long at, String prompt) {}

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
                synchronized (this) {
                    sent.put(id, System.nanoTime());
                }
                client.send(
                        Event.PROMPTS,
                        PromptSubmitted.class,
                        List.of(PromptSubmitted.newBuilder(sample)
                                .setPromptId(id)
                                .setValidation(Samples.FEW)
                                .build()),
                        PromptSubmitted::getPromptId);
                long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SHORTEST_MS + random.nextInt(SPREAD_MS));
                while (System.nanoTime() < due || (open() > MOST_OPEN && !stopping)) {
                    client.poll(key -> true, this::arrived);
                }
            }
        }
    }

    private synchronized void arrived(String key, SpecificRecord value) {
        String prompt = value instanceof AuditFinding finding ? finding.getPromptId() : key;
        RESULTS.forEach((event, type) -> {
            if (type.isInstance(value)) {
                arrivals.get(event).add(new Arrival(System.nanoTime(), prompt));
            }
        });
    }

    /** How many prompts are on their way through the four stages. */
    private synchronized int open() {
        return sent.size() - arrivals.get(Event.VALIDATIONS).size();
    }

    /** Ids of the prompts, in the order in which they were sent. */
    synchronized List<String> sent() {
        return List.copyOf(sent.keySet());
    }

    /** Whether every prompt that was sent before this moment, as {@link System#nanoTime} has it, has all results, and a description came after it. */
    synchronized boolean hasResultsOfAllBefore(long moment) {
        if (ended.isDone()) {
            ended.join();
            throw new IllegalStateException("the load is over");
        }
        Set<String> before = new HashSet<>(sent.keySet());
        before.removeIf(prompt -> sent.get(prompt) > moment);
        return arrivals.entrySet().stream()
                .allMatch(entry -> entry.getKey() == Event.FEATURES
                        ? entry.getValue().stream().anyMatch(arrival -> arrival.at() > moment)
                        : entry.getValue().stream()
                                .map(Arrival::prompt)
                                .collect(Collectors.toSet())
                                .containsAll(before));
    }

    /** The longest time between two arrivals of each topic of which a part lies after this moment. */
    synchronized Map<Event, Duration> longestGaps(long moment) {
        Map<Event, Duration> gaps = new EnumMap<>(Event.class);
        arrivals.forEach((event, times) -> {
            long longest = 0;
            for (int i = 1; i < times.size(); i++) {
                if (times.get(i).at() > moment) {
                    longest = Math.max(
                            longest, times.get(i).at() - times.get(i - 1).at());
                }
            }
            gaps.put(event, Duration.ofNanos(longest));
        });
        return gaps;
    }

    /** The longest time from sending a prompt to its last result, of those that came after this moment: one partition that waits is seen here. */
    synchronized Duration slowest(long moment) {
        return Duration.ofNanos(arrivals.values().stream()
                .flatMap(List::stream)
                .filter(arrival -> arrival.at() > moment && sent.containsKey(arrival.prompt()))
                .mapToLong(arrival -> arrival.at() - sent.get(arrival.prompt()))
                .max()
                .orElse(0));
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
