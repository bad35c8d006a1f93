package io.circuitstream.standalone.trace;

import io.circuitstream.attribution.AttributionStage;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.ProgressState;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.StageProgress;
import io.circuitstream.events.Status;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.inference.InferenceStage;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.stream.RequestException;
import io.circuitstream.platform.stream.Stage;
import io.circuitstream.platform.stream.StageProgressListener.Done;
import io.circuitstream.platform.topics.RecordLimits;
import io.circuitstream.pruning.PruningStage;
import io.circuitstream.validation.ValidationStage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** Runs the four stages one after the other in this process, without Kafka: the same events, to the byte. */
public final class LocalTracer {
    private final InferenceStage inference;
    private final AttributionStage attribution;
    private final PruningStage pruning = new PruningStage();
    private final ValidationStage validation;

    public LocalTracer(TraceableModel model, int maxTokens) {
        this.inference = new InferenceStage(model, maxTokens);
        this.attribution = new AttributionStage(model);
        this.validation = new ValidationStage(model);
    }

    /** Traces the prompts in order. */
    public void trace(List<PromptSubmitted> prompts, TraceListener listener) {
        prompts.forEach(prompt -> listener.done(new Run(prompt.getPromptId(), listener).trace(prompt)));
    }

    private final class Run {
        private final String promptId;
        private final TraceListener listener;
        private final Map<String, Long> stageMs = new LinkedHashMap<>();

        Run(String promptId, TraceListener listener) {
            this.promptId = promptId;
            this.listener = listener;
        }

        Trace trace(PromptSubmitted prompt) {
            long start = System.nanoTime();
            InferenceCompleted inferred = run("inference", inference, prompt, null);
            AttributionGraph graph =
                    run("attribution", attribution, inferred, failure(inferred.getStatus(), inferred.getMessage()));
            Circuit circuit = run("pruning", pruning, graph, failure(graph.getStatus(), graph.getMessage()));
            ValidationReport report =
                    run("validation", validation, circuit, failure(circuit.getStatus(), circuit.getMessage()));
            return new Trace(inferred, graph, circuit, report, stageMs, milliseconds(start));
        }

        private <I extends SpecificRecord, O extends SpecificRecord> O run(
                String name, Stage<I, O> stage, I event, @Nullable String failure) {
            Received<I> input = Received.asWritten(event);
            if (failure != null) {
                return stage.failed(input, failure);
            }
            long start = System.nanoTime();
            try {
                O result = stage.process(input, done -> report(name, ProgressState.RUNNING, done, start));
                int bytes = Received.asWritten(result).bytes();
                return bytes <= RecordLimits.MAX_VALUE_BYTES
                        ? result
                        : stage.failed(input, RecordLimits.tooLarge(bytes));
            } catch (RequestException e) {
                return stage.failed(input, e.reason());
            } finally {
                stageMs.put(name, milliseconds(start));
                report(name, ProgressState.COMPLETED, new Done(0, 0, 0, null), start);
            }
        }

        private void report(String stage, ProgressState state, Done done, long start) {
            listener.progress(StageProgress.newBuilder()
                    .setPromptId(promptId)
                    .setStage(stage)
                    .setState(state)
                    .setDone(done.units())
                    .setTotal(done.of())
                    .setElapsedMs(milliseconds(start))
                    .setSettledInfluence(done.settledInfluence())
                    .setSecondsLeft(done.secondsLeft(milliseconds(start) / 1e3))
                    .build());
        }
    }

    private static @Nullable String failure(Status status, @Nullable String message) {
        return status == Status.FAILED ? message : null;
    }

    private static long milliseconds(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }
}
