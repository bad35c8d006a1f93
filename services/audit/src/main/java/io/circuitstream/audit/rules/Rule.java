package io.circuitstream.audit.rules;

import com.google.re2j.Pattern;
import io.circuitstream.audit.DriftLimits;
import io.circuitstream.events.RuleKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** What to look for and from which value on it is a finding. */
public sealed interface Rule {

    RuleKind kind();

    /** Features whose influence, summed over a circuit's nodes, is looked at. */
    sealed interface Watched extends Rule {
        /** Only circuits of this transcoder; empty for any. */
        Optional<String> scan();

        /** Least sum of influence. */
        double influence();
    }

    /** One feature. */
    record WatchedFeature(Optional<String> scan, Coordinates feature, double influence) implements Watched {
        @Override
        public RuleKind kind() {
            return RuleKind.WATCHED_FEATURE;
        }
    }

    /** All features whose label contains a match. */
    record WatchedLabel(Optional<String> scan, Pattern label, double influence) implements Watched {
        @Override
        public RuleKind kind() {
            return RuleKind.WATCHED_LABEL;
        }
    }

    /** Several features that mean one thing. */
    record WatchedSupernode(Optional<String> scan, List<Coordinates> features, double influence) implements Watched {
        @Override
        public RuleKind kind() {
            return RuleKind.WATCHED_SUPERNODE;
        }
    }

    /** A validation report of which any of these holds; at least one is given. */
    record LowTrust(
            OptionalDouble completenessBelow,
            boolean replacementDisagrees,
            OptionalDouble refutedShareAbove,
            OptionalDouble confirmedShareBelow)
            implements Rule {
        @Override
        public RuleKind kind() {
            return RuleKind.LOW_TRUST;
        }
    }

    /**
     * A steering that changed the answer.
     *
     * @param divergenceAbove and moved the next token's distribution by more than so many nats
     */
    record Steering(double divergenceAbove) implements Rule {
        @Override
        public RuleKind kind() {
            return RuleKind.STEERING;
        }
    }

    /** A prompt without the result of a stage for so long after the audit read it. */
    record MissingStage(Stage stage, Duration within) implements Rule {
        @Override
        public RuleKind kind() {
            return RuleKind.MISSING_STAGE;
        }
    }

    /** A window of a transcoder's circuits that differs from the one before. */
    record Drift(DriftLimits.Measure measure, double divergence, double level) implements Rule {
        @Override
        public RuleKind kind() {
            return RuleKind.DRIFT;
        }
    }

    /** Which feature of a transcoder. */
    record Coordinates(int layer, int feature) {}

    /** Services whose results the audit reads; those of attribution are seen through pruning's. */
    enum Stage {
        INFERENCE,
        PRUNING,
        VALIDATION
    }
}
