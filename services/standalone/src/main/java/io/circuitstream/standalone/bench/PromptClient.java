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
        trace(prompts, new double[prompts.size()], validated);
    }

    /**
     * Seconds of each prompt from its sending to its committed report, sent when it is due whether the ones before are done or not.
     *
     * @param due seconds from now, ascending
     * @param validated told after each how many have their report
     * @throws StartupException when one FAILED, or none came for two minutes
     */
    double[] trace(List<PromptSubmitted> prompts, double[] due, IntConsumer validated) {
        Map<String, Integer> open = new HashMap<>();
        double[] sentAt = new double[due.length];
        double[] latency = new double[due.length];
        long start = System.nanoTime();
        double[] lastNews = {0};
        int sent = 0;
        int[] done = {0};
        while (done[0] < due.length) {
            int first = sent;
            while (sent < due.length && due[sent] <= seconds(start)) {
                open.put(prompts.get(sent).getPromptId(), sent);
                sentAt[sent++] = seconds(start);
            }
            if (sent > first) {
                client.send(
                        Event.PROMPTS,
                        PromptSubmitted.class,
                        prompts.subList(first, sent),
                        PromptSubmitted::getPromptId);
                lastNews[0] = seconds(start);
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

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
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
