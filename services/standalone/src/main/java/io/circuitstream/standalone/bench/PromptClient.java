package io.circuitstream.standalone.bench;

import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Status;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.StartupException;
import io.circuitstream.standalone.client.EventClient;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Sends prompts and waits for their committed reports, as a client does that keeps its connections: a trace costs no start
 * of a producer and no reading of the larger results. Thread-confined.
 */
final class PromptClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final EventClient client;

    /** Reads reports from now on. */
    PromptClient(Settings settings) {
        client = new EventClient("bench", settings, Map.of(Event.VALIDATIONS, ValidationReport.class));
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
        client.send(Event.PROMPTS, PromptSubmitted.class, prompts, PromptSubmitted::getPromptId);
        long[] lastNews = {System.nanoTime()};
        while (!open.isEmpty()) {
            client.poll(open::contains, (key, report) -> {
                open.remove(key);
                lastNews[0] = System.nanoTime();
                requireOk((ValidationReport) report);
                validated.accept(prompts.size() - open.size());
            });
            if (System.nanoTime() - lastNews[0] > PATIENCE.toNanos()) {
                throw new StartupException(
                        open.size() + " prompts have no report after " + PATIENCE.toSeconds() + " s without any");
            }
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
        client.close();
    }
}
