package io.circuitstream.standalone.bench;

import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Status;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.StartupException;
import io.circuitstream.standalone.client.EventClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** Sends prompts at given times, whether the ones before are done or not. Thread-confined. */
final class PacedClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final EventClient client;

    /** Reads reports from now on. */
    PacedClient(Settings settings) {
        client = new EventClient("bench", settings, Map.of(Event.VALIDATIONS, ValidationReport.class));
    }

    /**
     * Seconds of each prompt from its sending to its committed report.
     *
     * @param at seconds from now, ascending, when each is due
     * @param validated told after each how many have their report
     * @throws StartupException when one FAILED, or none came for five minutes
     */
    double[] trace(List<PromptSubmitted> prompts, double[] at, IntConsumer validated) {
        Map<String, Integer> open = new HashMap<>();
        double[] sentAt = new double[at.length];
        double[] latency = new double[at.length];
        long start = System.nanoTime();
        double[] lastNews = {0};
        int sent = 0;
        int[] done = {0};
        while (done[0] < at.length) {
            if (sent < at.length && at[sent] <= seconds(start)) {
                PromptSubmitted prompt = prompts.get(sent);
                open.put(prompt.getPromptId(), sent);
                sentAt[sent++] = seconds(start);
                client.send(Event.PROMPTS, PromptSubmitted.class, List.of(prompt), PromptSubmitted::getPromptId);
                lastNews[0] = seconds(start);
                continue;
            }
            client.poll(open::containsKey, (key, report) -> {
                requireOk((ValidationReport) report);
                int prompt = open.remove(key);
                lastNews[0] = seconds(start);
                latency[prompt] = lastNews[0] - sentAt[prompt];
                validated.accept(++done[0]);
            });
            if (!open.isEmpty() && seconds(start) - lastNews[0] > PATIENCE.toSeconds()) {
                throw new StartupException(
                        open.size() + " prompts have no report after " + PATIENCE.toSeconds() + " s without any");
            }
        }
        return latency;
    }

    private static void requireOk(ValidationReport report) {
        if (report.getStatus() == Status.FAILED) {
            throw new StartupException(
                    "prompt " + report.getPromptId() + " cannot be measured: " + report.getMessage());
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    @Override
    public void close() {
        client.close();
    }
}
