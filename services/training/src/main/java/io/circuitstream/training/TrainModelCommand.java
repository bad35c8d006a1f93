package io.circuitstream.training;

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
import java.nio.file.Path;
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
    private EventOptions events = new EventOptions();

    @Override
    public Integer call() throws Exception {
        TrainingConsole console = new TrainingConsole(spec);
        int words = Vocabulary.load().size();
        LlamaShape shape = console.settings(() -> LlamaShape.tiny(layers, words));
        TrainingPlan plan = console.settings(() -> TrainingPlan.standard(steps, seed));
        try (TrainingEvents sink = events.events("model", out, "", "", console::note)) {
            return sink.during(() -> {
                train(console, sink, shape, plan);
                return 0;
            });
        }
    }

    private void train(TrainingConsole console, TrainingEvents sink, LlamaShape shape, TrainingPlan plan)
            throws IOException {
        Corpus corpus = Corpus.load();
        Vocabulary vocabulary = Vocabulary.load();
        Consumer<Progress> progress = console::progress;
        try (LanguageModel model = LanguageModel.random(shape, seed)) {
            new LanguageModelTrainer(model, plan).train(corpus, vocabulary, progress.andThen(sink));
            HuggingFaceFolder.write(out, model, vocabulary);
            console.accuracy(AnswerAccuracy.measure(model, corpus, vocabulary, Split.DEVELOPMENT, PROMPTS_PER_TASK));
        }
    }
}
