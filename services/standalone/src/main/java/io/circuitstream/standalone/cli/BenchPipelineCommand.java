package io.circuitstream.standalone.cli;

import io.circuitstream.standalone.Deployment;
import io.circuitstream.standalone.TemporaryFolder;
import io.circuitstream.standalone.bench.PipelineBench;
import io.circuitstream.standalone.bench.Report;
import io.circuitstream.standalone.bench.TaskPrompts;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "pipeline",
        description =
                "Starts broker, schema registry and all stages in this process, with exactly-once, and times prompts"
                        + " through them: one at a time without the stages' own work, and many at once against the same work"
                        + " without Kafka. Also whether memory stays flat.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BenchPipelineCommand implements Callable<Integer> {
    @Option(
            names = "--prompts",
            paramLabel = "N",
            description = "prompts one at a time (default: ${DEFAULT-VALUE})",
            defaultValue = "200")
    int prompts;

    @Option(
            names = "--burst",
            paramLabel = "N",
            description = "prompts at once (default: ${DEFAULT-VALUE})",
            defaultValue = "1000")
    int burst;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description = "prompts before each of them, not timed (default: ${DEFAULT-VALUE})",
            defaultValue = "40")
    int warmUp;

    @Mixin
    PromptFileOption file = new PromptFileOption();

    @Mixin
    BenchOutput output = new BenchOutput();

    @Mixin
    ModelOptions model = new ModelOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        output.atLeast("--prompts", prompts, 1);
        output.atLeast("--burst", burst, 10);
        output.atLeast("--warm-up", warmUp, 1);
        output.print(run());
        return 0;
    }

    private Report run() throws IOException, InterruptedException {
        List<String> samples = file.texts();
        List<String> texts = file.given() ? samples : TaskPrompts.read(Home.model());
        try (TemporaryFolder data = TemporaryFolder.create("circuitstream-bench");
                StatusLine status = StatusLine.onTerminal()) {
            // Ctrl-C is not to leave it behind.
            Runtime.getRuntime().addShutdownHook(new Thread(data::close, "delete"));
            Deployment.Options deployment = new Deployment.Options(
                    data.path(),
                    Deployment.Ports.ANY,
                    model.model(),
                    model.transcoder(),
                    model.threads(),
                    model.maxTokens);
            return PipelineBench.run(
                    new PipelineBench.Options(deployment, samples, texts, prompts, burst, warmUp), status);
        }
    }
}
