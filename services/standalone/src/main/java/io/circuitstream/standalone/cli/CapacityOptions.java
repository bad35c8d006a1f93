package io.circuitstream.standalone.cli;

import io.circuitstream.standalone.capacity.PromptCost;
import picocli.CommandLine.Option;

/** How costs are measured and prompts simulated. */
final class CapacityOptions {
    @Option(
            names = "--repeats",
            paramLabel = "N",
            description =
                    "times that each prompt is measured after one that warms up; 0 for once (default: ${DEFAULT-VALUE})",
            defaultValue = "3")
    int repeats;

    @Option(
            names = "--transport",
            paramLabel = "MS",
            description = "what Kafka adds to a prompt, see bench pipeline (default: ${DEFAULT-VALUE})",
            defaultValue = "40")
    double transportMs;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "of the simulation (default: ${DEFAULT-VALUE})",
            defaultValue = "1")
    long seed;

    void check(BenchOutput output) {
        output.atLeast("--repeats", repeats, 0);
        if (!(transportMs >= 0)) {
            throw output.usage("--transport must be at least 0, not " + transportMs);
        }
    }

    double hopSeconds() {
        return transportMs / 1e3 / PromptCost.STAGES.size();
    }
}
