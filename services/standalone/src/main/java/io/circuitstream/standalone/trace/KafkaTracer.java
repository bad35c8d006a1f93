package io.circuitstream.standalone.trace;

import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.ProgressState;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.StageProgress;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.StartupException;
import io.circuitstream.standalone.client.EventClient;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Sends prompts to a deployment and collects what becomes of them, as any client could: a producer, and a consumer that
 * reads committed records. Thread-confined.
 */
public final class KafkaTracer implements AutoCloseable {
    /** How long results wait for the progress events that carry their timings. */
    private static final long TIMINGS_WAIT_MS = 300;

    private final EventClient client;
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
        this.wantGraphs = wantGraphs;
        Map<Event, Class<? extends SpecificRecord>> read = new EnumMap<>(Map.of(
                Event.INFERENCES, InferenceCompleted.class,
                Event.CIRCUITS, Circuit.class,
                Event.VALIDATIONS, ValidationReport.class,
                Event.PROGRESS, StageProgress.class));
        if (wantGraphs) {
            read.put(Event.GRAPHS, AttributionGraph.class);
        }
        this.client = new EventClient("trace", settings, read);
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
        client.send(Event.PROMPTS, PromptSubmitted.class, prompts, PromptSubmitted::getPromptId);
        long[] lastNews = {System.nanoTime()};
        while (!open.isEmpty()) {
            client.poll(open::containsKey, (key, value) -> {
                lastNews[0] = System.nanoTime();
                accept(open.get(key), value, listener);
            });
            finish(open, listener);
            if (System.nanoTime() - lastNews[0] > patience.toNanos()) {
                throw new StartupException("no news of " + open.size() + " prompts for " + patience.toSeconds()
                        + " s: are the services running? First of them: "
                        + open.keySet().iterator().next());
            }
        }
    }

    private static void accept(Partial partial, SpecificRecord value, TraceListener listener) {
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
        client.close();
    }
}
