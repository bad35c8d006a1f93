package io.circuitstream.events;

import java.util.List;
import java.util.Locale;

/**
 * The names of the topics of one deployment: {@code <prefix>.<event>.v1}.
 *
 * @param prefix distinguishes deployments that share a cluster, {@code circuitstream} by default
 */
public record Topics(String prefix) {

    public static final String DEFAULT_PREFIX = "circuitstream";

    /**
     * The event topics of the main path, in the order in which a prompt passes them, then features and
     * labels, progress of the stages and of training, requests to steer a prompt and their results, what people add:
     * annotations of circuits and graphs from elsewhere, and what audit finds.
     */
    public enum Event {
        PROMPTS,
        INFERENCES,
        GRAPHS,
        CIRCUITS,
        VALIDATIONS,
        /** Compacted; key {@code scan/layer/feature}. */
        FEATURES,
        /** Compacted; key {@code scan/layer/feature/source}. */
        LABELS,
        PROGRESS,
        TRAINING,
        STEERINGS,
        STEERED,
        /** Compacted. */
        ANNOTATIONS,
        IMPORTS,
        /** A hash chain in each partition, kept for ever. */
        FINDINGS,
        /** Signed states of the chains, kept for ever. */
        CHECKPOINTS,
        /** One record for each window and scan. */
        BEHAVIOURS,
        /** Fixed numeric vectors of circuits. */
        VECTORS;

        /** The name without prefix and version, as it stands in provenance. */
        public String shortName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The services that read a topic and so can have dead letters. */
    public static final List<String> STAGES =
            List.of("inference", "attribution", "pruning", "validation", "description", "audit");

    public String name(Event event) {
        return prefix + "." + event.shortName() + ".v1";
    }

    /** Where the records go that a service cannot process: the original bytes with the reason in headers. */
    public String deadLetters(String service) {
        return prefix + "." + service + ".dead-letters";
    }
}
