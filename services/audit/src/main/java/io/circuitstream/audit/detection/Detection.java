package io.circuitstream.audit.detection;

import io.circuitstream.audit.AuditMetrics;
import io.circuitstream.audit.CandidateFinding;
import io.circuitstream.audit.rules.Rule.Stage;
import io.circuitstream.audit.rules.RuleSet;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.SteeringCompleted;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.platform.serde.Received;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;

/** Adds rules to a topology: each method a part of it, each yields the candidates of that part with the prompt's id as key. */
public final class Detection {
    private final Supplier<RuleSet> rules;
    private final AuditMetrics metrics;

    public Detection(Supplier<RuleSet> rules, AuditMetrics metrics) {
        this.rules = rules;
        this.metrics = metrics;
    }

    /** Watched features, labels and supernodes; labels come from the topic of features, on every instance all of them. */
    public KStream<String, CandidateFinding> circuits(
            StreamsBuilder builder,
            String featuresTopic,
            Serde<FeatureDescription> features,
            KStream<String, Received<Circuit>> circuits) {
        LabelStore.add(builder, featuresTopic, features, metrics);
        return circuits.process(
                () -> new Detector<Circuit>(
                        labels -> (origin, circuit) -> CircuitFindings.of(rules.get(), labels, origin, circuit)),
                Named.as("watch"));
    }

    public KStream<String, CandidateFinding> validations(KStream<String, Received<ValidationReport>> validations) {
        return validations.process(
                () -> new Detector<ValidationReport>(
                        labels -> (origin, report) -> TrustFindings.of(rules.get(), origin, report)),
                Named.as("trust"));
    }

    public KStream<String, CandidateFinding> steered(KStream<String, Received<SteeringCompleted>> steered) {
        return steered.process(
                () -> new Detector<SteeringCompleted>(
                        labels -> (origin, steering) -> SteeringFindings.of(rules.get(), origin, steering)),
                Named.as("steering"));
    }

    /** Missing stages. All streams must have the same keys in the same partitions. */
    public KStream<String, CandidateFinding> stages(
            KStream<String, Received<PromptSubmitted>> prompts,
            KStream<String, Received<InferenceCompleted>> inferences,
            KStream<String, Received<Circuit>> circuits,
            KStream<String, Received<ValidationReport>> validations,
            Duration lateLimit) {
        return prompts.process(
                        () -> new Sighter<PromptSubmitted>(null, PromptSubmitted::getTenant, metrics),
                        Named.as("see-prompts"))
                .merge(results(inferences, Stage.INFERENCE, "see-inferences"), Named.as("seen-inferences"))
                .merge(results(circuits, Stage.PRUNING, "see-circuits"), Named.as("seen-circuits"))
                .merge(results(validations, Stage.VALIDATION, "see-validations"), Named.as("seen-validations"))
                .process(OpenPrompts.supplier(rules, lateLimit, metrics), Named.as("stages"));
    }

    private <T> KStream<String, Sighting> results(KStream<String, Received<T>> results, Stage stage, String name) {
        Function<T, String> none = result -> "";
        return results.process(() -> new Sighter<T>(stage, none, metrics), Named.as(name));
    }

    /** What one kind of event yields. */
    interface Evaluation<T> {
        List<CandidateFinding> of(Origin origin, T event);
    }
}
