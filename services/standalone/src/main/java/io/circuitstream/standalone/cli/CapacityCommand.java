package io.circuitstream.standalone.cli;

import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.standalone.capacity.CapacityPlan;
import io.circuitstream.standalone.capacity.CostProbe;
import io.circuitstream.standalone.capacity.PromptCost;
import io.circuitstream.standalone.capacity.Simulation;
import io.circuitstream.standalone.trace.LocalTracer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "capacity",
        description =
                "Measures what prompts cost on this machine with a model and transcoder, and says how many threads, partitions"
                        + " and bytes so many of them a second need, and how long they will take.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class CapacityCommand implements Callable<Integer> {
    @Option(
            names = "--rate",
            paramLabel = "N",
            required = true,
            description = "prompts a second, on average over the busiest hour")
    double rate;

    @Option(
            names = "--utilisation",
            paramLabel = "S",
            description = "share of its time that a thread may be busy (default: ${DEFAULT-VALUE})",
            defaultValue = "0.6")
    double utilisation;

    @Option(
            names = "--retention",
            paramLabel = "HOURS",
            description = "how long the topics keep records (default: ${DEFAULT-VALUE})",
            defaultValue = "168")
    double retentionHours;

    @Option(
            names = "--replication",
            paramLabel = "N",
            description = "replicas of every record (default: ${DEFAULT-VALUE})",
            defaultValue = "3")
    int replication;

    @Mixin
    CapacityOptions measuring = new CapacityOptions();

    @Mixin
    PromptFileOption file = new PromptFileOption();

    @Mixin
    BenchOutput output = new BenchOutput();

    @Mixin
    ModelOptions model = new ModelOptions();

    @Override
    public Integer call() throws IOException {
        between("--rate", rate, 0, 1e6);
        between("--utilisation", utilisation, 0, .95);
        between("--retention", retentionHours, 0, 1e6);
        output.atLeast("--replication", replication, 1);
        measuring.check(output);
        List<PromptCost> costs = costs(file.prompts());
        CapacityPlan plan = CapacityPlan.of(
                new CapacityPlan.Load(
                        rate, utilisation, Duration.ofSeconds(Math.round(3600 * retentionHours)), replication),
                costs);
        CapacityReport report = new CapacityReport(
                plan, costs, Simulation.of(plan, costs, measuring.hopSeconds(), measuring.seed), model.threads());
        System.out.print(output.json ? report.json().toPrettyString() + "\n" : report.text());
        return 0;
    }

    private void between(String option, double value, double above, double most) {
        if (!(value > above && value <= most)) {
            throw output.usage(option + " must be more than " + above + " and at most " + most + ", not " + value);
        }
    }

    private List<PromptCost> costs(List<PromptSubmitted> prompts) {
        try (StatusLine status = StatusLine.onTerminal();
                TraceableModel loaded = TraceableModel.load(model.model(), model.transcoder(), model.threads())) {
            return CostProbe.measure(new LocalTracer(loaded, model.maxTokens), prompts, measuring.repeats, status);
        }
    }
}
