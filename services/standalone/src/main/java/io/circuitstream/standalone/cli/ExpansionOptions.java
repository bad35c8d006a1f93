package io.circuitstream.standalone.cli;

import io.circuitstream.events.AttributionSettings;
import io.circuitstream.events.Expansion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which features get a row; without any of these all of a small graph, and of a large one those that matter. */
final class ExpansionOptions {
    @ArgGroup
    @Nullable
    Choice choice;

    @Option(
            names = "--max-features",
            paramLabel = "N",
            description = "most features with a row, the most influential ones of each layer; the result says how much"
                    + " influence any node may be missing (default: no limit)")
    int maxFeatures;

    static final class Choice {
        @Option(
                names = "--epsilon",
                paramLabel = "E",
                required = true,
                description = "bounded: leave out the rows of features whose influence is together at most this share"
                        + " (default for large graphs: 0.01)")
        @Nullable
        Double epsilon;

        @Option(names = "--exact", required = true, description = "a row for every active feature")
        boolean exact;
    }

    AttributionSettings.Builder addTo(AttributionSettings.Builder settings) {
        settings.setMaxFeatures(maxFeatures);
        if (choice != null && choice.exact) {
            settings.setExpansion(Expansion.EXACT);
        } else if (choice != null && choice.epsilon != null) {
            settings.setExpansion(Expansion.BOUNDED).setEpsilon(choice.epsilon);
        }
        return settings;
    }
}
