package io.circuitstream.standalone;

import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.StageProgress;
import io.circuitstream.platform.serde.EventDigest;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.standalone.trace.KafkaTracer;
import io.circuitstream.standalone.trace.PromptFile;
import io.circuitstream.standalone.trace.Trace;
import io.circuitstream.standalone.trace.TraceListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The shipped model and its ten sample prompts, and collecting what becomes of prompts. */
final class Samples {
    static final Path MODEL = Path.of("../../models/tiny-ten");
    static final Path TRANSCODER = MODEL.resolve("clt");
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private Samples() {}

    static List<PromptSubmitted> prompts() throws IOException {
        return PromptFile.read(MODEL.resolve("samples.jsonl"), Samples::request);
    }

    /** A request with defaults; its id is its text, so that it is the same in every run. */
    static PromptSubmitted.Builder request(String text) {
        return PromptSubmitted.newBuilder().setPromptId("test: " + text).setText(text);
    }

    static Deployment.Options options(Path data) {
        return new Deployment.Options(data, Deployment.Ports.ANY, MODEL, TRANSCODER, 2, 64);
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
