package io.circuitstream.training;

import io.circuitstream.training.checkpoint.Checkpoints;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.corpus.Vocabulary;
import io.circuitstream.training.languagemodel.AnswerAccuracy;
import io.circuitstream.training.languagemodel.HuggingFaceFolder;
import io.circuitstream.training.languagemodel.LanguageModel;
import io.circuitstream.training.languagemodel.LanguageModelTrainer;
import io.circuitstream.training.languagemodel.LlamaShape;
import io.circuitstream.training.languagemodel.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "model",
        description = "Train a small Llama on the ten tasks and write it as a Hugging Face folder.",
        mixinStandardHelpOptions = true)
final class TrainModelCommand implements Callable<Integer> {
    private static final int PROMPTS_PER_TASK = 200;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--out", required = true, description = "Folder to write.")
    private Path out = Path.of("");

    @Option(names = "--steps", defaultValue = "6000", description = "Updates (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--layers", defaultValue = "6", description = "Layers (default: ${DEFAULT-VALUE}).")
    private int layers;

    @Option(names = "--seed", defaultValue = "1", description = "Same seed, same weights (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private CheckpointOptions checkpointOptions = new CheckpointOptions();

    @Mixin
    private EventOptions events = new EventOptions();

    @Option(names = "--json", description = "Print accuracy, time and loss curve as one JSON document.")
    private boolean json;

    @Override
    public Integer call() {
        TrainingConsole console = new TrainingConsole(spec, TrainingConsole.MODEL_THREADS);
        Vocabulary vocabulary = Vocabulary.load();
        LlamaShape shape = console.settings(() -> LlamaShape.tiny(layers, vocabulary.size()));
        TrainingPlan plan = console.settings(() -> TrainingPlan.standard(steps, seed));
        Checkpoints checkpoints = console.settings(() -> checkpointOptions.in(out));
        console.announce(checkpoints);
        return console.run(() -> {
            try (TrainingEvents sink = events.events("model", out, "", "", console::note)) {
                sink.during(() -> train(console, sink, vocabulary, shape, plan, checkpoints));
            }
        });
    }

    private void train(
            TrainingConsole console,
            TrainingEvents sink,
            Vocabulary vocabulary,
            LlamaShape shape,
            TrainingPlan plan,
            Checkpoints checkpoints)
            throws IOException {
        Corpus corpus = Corpus.load();
        Files.createDirectories(out);
        try (LanguageModel model = LanguageModel.random(shape, seed)) {
            Consumer<Progress> progress = console::progress;
            TrainingRun run = new LanguageModelTrainer(model, plan)
                    .train(corpus, vocabulary, checkpoints, progress.andThen(sink));
            HuggingFaceFolder.write(out, model, vocabulary);
            List<AnswerAccuracy> lines =
                    AnswerAccuracy.measure(model, corpus, vocabulary, Split.DEVELOPMENT, PROMPTS_PER_TASK);
            if (json) {
                console.json(ModelResult.of(lines, run));
            } else {
                console.accuracy(lines);
            }
            checkpoints.delete();
        }
    }
}
