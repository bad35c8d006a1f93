package io.circuitstream.audit.detection;

import io.circuitstream.audit.CandidateFinding;
import io.circuitstream.platform.serde.Received;
import java.util.function.Function;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Evaluates events together with where they stand. */
final class Detector<T> extends ContextualProcessor<String, Received<T>, String, CandidateFinding> {
    private final Function<Labels, Detection.Evaluation<T>> evaluations;
    private Detection.Evaluation<T> evaluation;

    Detector(Function<Labels, Detection.Evaluation<T>> evaluations) {
        this.evaluations = evaluations;
    }

    @Override
    public void init(ProcessorContext<String, CandidateFinding> context) {
        super.init(context);
        evaluation = evaluations.apply(LabelStore.of(context));
    }

    @Override
    public void process(Record<String, Received<T>> record) {
        Origin origin = Origin.of(
                context().recordMetadata().orElseThrow(), record.value().sha256(), record.timestamp());
        for (CandidateFinding finding : evaluation.of(origin, record.value().event())) {
            context().forward(record.withValue(finding));
        }
    }
}
