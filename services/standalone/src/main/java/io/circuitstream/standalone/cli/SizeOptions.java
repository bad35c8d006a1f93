package io.circuitstream.standalone.cli;

import io.circuitstream.events.PruningCriterion;
import io.circuitstream.events.PruningMode;
import io.circuitstream.events.PruningSettings;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How large the circuit becomes. */
final class SizeOptions {
    @ArgGroup
    @Nullable
    Choice choice;

    @Option(
            names = "--edge-threshold",
            paramLabel = "T",
            description = "share of edge scores that kept edges hold (default: ${DEFAULT-VALUE})")
    double edgeThreshold = 0.98;

    @Option(
            names = "--criterion",
            paramLabel = "C",
            converter = CriterionConverter.class,
            description = "by what features and errors are ranked: influence (default with --node-threshold), or"
                    + " elimination of what costs least completeness (default with --adaptive and --node-budget)")
    PruningCriterion criterion = PruningCriterion.AUTOMATIC;

    static final class Choice {
        @Option(
                names = "--node-threshold",
                paramLabel = "T",
                required = true,
                description = "share of influence that kept nodes hold (default: 0.8)")
        @Nullable
        Double nodeThreshold;

        @Option(
                names = {"--adaptive", "--keep-completeness"},
                paramLabel = "S",
                required = true,
                description = "the smallest circuit that keeps this share of the graph's completeness, such as 0.9")
        @Nullable
        Double completenessShare;

        @Option(
                names = "--node-budget",
                paramLabel = "N",
                required = true,
                description = "the largest circuit with at most so many features and errors")
        @Nullable
        Integer nodeBudget;
    }

    PruningSettings settings() {
        PruningSettings.Builder settings =
                PruningSettings.newBuilder().setEdgeThreshold(edgeThreshold).setCriterion(criterion);
        if (choice != null && choice.nodeThreshold != null) {
            settings.setNodeThreshold(choice.nodeThreshold);
        } else if (choice != null && choice.completenessShare != null) {
            settings.setMode(PruningMode.COMPLETENESS).setCompletenessShare(choice.completenessShare);
        } else if (choice != null && choice.nodeBudget != null) {
            settings.setMode(PruningMode.NODE_BUDGET).setNodeBudget(choice.nodeBudget);
        }
        return settings.build();
    }

    private static final class CriterionConverter implements ITypeConverter<PruningCriterion> {
        @Override
        public PruningCriterion convert(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "influence" -> PruningCriterion.INFLUENCE;
                case "elimination" -> PruningCriterion.ELIMINATION;
                default ->
                    throw new TypeConversionException("'" + text + "' is no criterion: influence or elimination");
            };
        }
    }
}
