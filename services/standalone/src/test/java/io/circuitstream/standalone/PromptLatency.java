package io.circuitstream.standalone;

import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.StageProgress;
import io.circuitstream.standalone.trace.KafkaTracer;
import io.circuitstream.standalone.trace.Trace;
import io.circuitstream.standalone.trace.TraceListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A measurement, not a test: from sending a prompt to its validated circuit, one prompt at a time, 200 after a warm-up.
 * Compute is what the stages report; transport is the rest. Run it by
 * {@code ./circuitstream test -pl services/standalone -am -Dtest=PromptLatency -Dtest.excluded=
 * -Dsurefire.failIfNoSpecifiedTests=false -Dsurefire.redirectTestOutputToFile=false}.
 */
@Tag("benchmark")
class PromptLatency {
    private static final int WARM_UP = 40;
    private static final int MEASURED = 200;

    @TempDir
    Path folder;

    @Test
    void measure() throws IOException, InterruptedException {
        List<PromptSubmitted> samples = Samples.prompts();
        List<Trace> traces = new ArrayList<>();
        try (Deployment deployment = Deployment.start(Samples.options(folder));
                KafkaTracer tracer = new KafkaTracer(deployment.settings(), false)) {
            for (int i = 0; i < WARM_UP + MEASURED; i++) {
                PromptSubmitted prompt = PromptSubmitted.newBuilder(samples.get(i % samples.size()))
                        .setPromptId("latency-" + i)
                        .build();
                tracer.trace(List.of(prompt), Samples.PATIENCE, new Keep(traces));
            }
        }
        List<Trace> measured = traces.subList(WARM_UP, traces.size());
        print("total", measured.stream().mapToLong(Trace::totalMs).toArray());
        print("compute", measured.stream().mapToLong(PromptLatency::compute).toArray());
        print(
                "transport",
                measured.stream().mapToLong(t -> t.totalMs() - compute(t)).toArray());
        for (String stage : List.of("inference", "attribution", "pruning", "validation")) {
            print(
                    stage,
                    measured.stream()
                            .mapToLong(t -> t.stageMs().getOrDefault(stage, 0L))
                            .toArray());
        }
    }

    private static long compute(Trace trace) {
        return trace.stageMs().values().stream().mapToLong(Long::longValue).sum();
    }

    private static void print(String what, long[] ms) {
        Arrays.sort(ms);
        System.out.printf(
                Locale.ROOT,
                "%-12s p50 %4d ms   p99 %4d ms   max %4d ms%n",
                what,
                ms[ms.length / 2],
                ms[(int) Math.ceil(ms.length * .99) - 1],
                ms[ms.length - 1]);
    }

    private record Keep(List<Trace> traces) implements TraceListener {
        @Override
        public void progress(StageProgress progress) {}

        @Override
        public void done(Trace trace) {
            traces.add(trace);
        }
    }
}
