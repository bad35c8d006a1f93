package io.circuitstream.standalone.capacity;

import io.circuitstream.events.Columns;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.StageProgress;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.stream.StartupException;
import io.circuitstream.standalone.trace.LocalTracer;
import io.circuitstream.standalone.trace.Trace;
import io.circuitstream.standalone.trace.TraceListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;

/** Measures what prompts cost, one after the other, without Kafka. */
public final class CostProbe {
    /** The timers count whole milliseconds, and a stage that has nothing to do takes some time too. */
    private static final double LEAST_SECONDS = 5e-4;

    private CostProbe() {}

    /**
     * The cost of every prompt, each as often as it is repeated.
     *
     * @param repeats after a round that warms up; 0 for one round and no other
     * @param progress told what is being done
     * @throws StartupException when a prompt fails, with its reason
     */
    public static List<PromptCost> measure(
            LocalTracer tracer, List<PromptSubmitted> prompts, int repeats, Consumer<String> progress) {
        List<PromptCost> costs = new ArrayList<>();
        int rounds = Math.max(1, repeats) + (repeats == 0 ? 0 : 1);
        for (int round = 0; round < rounds; round++) {
            int now = round;
            for (PromptSubmitted prompt : prompts) {
                tracer.trace(List.of(prompt), new TraceListener() {
                    @Override
                    public void progress(StageProgress stage) {}

                    @Override
                    public void done(Trace trace) {
                        PromptCost cost = cost(prompt, trace);
                        if (repeats == 0 || now > 0) {
                            costs.add(cost);
                        }
                    }
                });
                progress.accept("what a prompt costs: round " + (now + 1) + " of " + rounds);
            }
        }
        return costs;
    }

    private static PromptCost cost(PromptSubmitted prompt, Trace trace) {
        if (!trace.ok()) {
            String text = prompt.getText();
            throw new StartupException("the prompt " + (text == null ? prompt.getPromptId() : '"' + text + '"')
                    + " cannot be measured: " + trace.report().getMessage());
        }
        double[] seconds = PromptCost.STAGES.stream()
                .mapToDouble(stage -> Math.max(LEAST_SECONDS, trace.stageMs().getOrDefault(stage, 0L) / 1e3))
                .toArray();
        SpecificRecord graph = Objects.requireNonNull(trace.graph(), "a local trace has its graph");
        int[] bytes = Stream.of(prompt, trace.inference(), graph, trace.circuit(), trace.report())
                .mapToInt(event -> Received.asWritten(event).bytes())
                .toArray();
        return new PromptCost(
                trace.inference().getTokens().size(),
                Columns.ints(trace.inference().getFeatureIndex()).length,
                seconds,
                bytes);
    }
}
