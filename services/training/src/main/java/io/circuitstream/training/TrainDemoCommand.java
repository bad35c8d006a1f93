package io.circuitstream.training;

import io.circuitstream.training.checkpoint.Checkpoints;
import io.circuitstream.training.demo.DemoFolder;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        description = "Make the model that ships from nothing: weights, transcoders, tasks, samples and cards.",
        mixinStandardHelpOptions = true)
final class TrainDemoCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--out", required = true, description = "Folder to write.")
    private Path out = Path.of("");

    @Option(
            names = "--keep-weights",
            description = "Train nothing: measure the weights in the folder, rewrite tasks, samples and cards.")
    private boolean keepWeights;

    @Mixin
    private CheckpointOptions checkpointOptions = new CheckpointOptions();

    @Mixin
    private EventOptions events = new EventOptions();

    @Override
    public Integer call() {
        TrainingConsole console = new TrainingConsole(spec, TrainingConsole.MODEL_THREADS);
        Checkpoints checkpoints = console.settings(() -> checkpointOptions.in(out));
        DemoFolder folder = new DemoFolder(out);
        Consumer<Progress> progress = console::progress;
        return console.run(() -> {
            if (keepWeights) {
                folder.describe(progress);
            } else {
                console.announce(checkpoints);
                try (TrainingEvents sink = events.events("demo", out, "", "", console::note)) {
                    sink.during(() -> folder.train(checkpoints, progress.andThen(sink)));
                }
            }
        });
    }
}
