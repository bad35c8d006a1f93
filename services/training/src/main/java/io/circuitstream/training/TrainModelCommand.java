package io.circuitstream.training;

import io.circuitstream.training.checkpoint.Checkpoints;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.CorpusLines;
import io.circuitstream.training.corpus.LineSource;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.corpus.Vocabulary;
import io.circuitstream.training.documents.DemoDocuments;
import io.circuitstream.training.documents.Document;
import io.circuitstream.training.documents.Documents;
import io.circuitstream.training.documents.TextCorpus;
import io.circuitstream.training.evaluation.HeldOutPredictions;
import io.circuitstream.training.languagemodel.HuggingFaceFolder;
import io.circuitstream.training.languagemodel.LanguageModel;
import io.circuitstream.training.languagemodel.LanguageModelTrainer;
import io.circuitstream.training.languagemodel.LlamaShape;
import io.circuitstream.training.languagemodel.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "model",
        description =
                "Train a small Llama, on the ten tasks or on texts of yours, and write it as a Hugging Face folder.",
        mixinStandardHelpOptions = true)
final class TrainModelCommand implements Callable<Integer> {
    private static final int PROMPTS_PER_TASK = 200;
    private static final int LEAST_POSITIONS = 128;

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

    @Option(
            names = "--vocabulary",
            paramLabel = "WORDS",
            defaultValue = "8192",
            description =
                    "Most tokens, when the texts are yours: one for each of their most frequent words, as white space"
                            + " separates them; the others are unknown (default: ${DEFAULT-VALUE}).")
    private int vocabularyLimit;

    @Mixin
    private CorpusOptions corpusOptions = new CorpusOptions();

    @Mixin
    private CheckpointOptions checkpointOptions = new CheckpointOptions();

    @Mixin
    private EventOptions events = new EventOptions();

    @Option(names = "--json", description = "Print accuracy, time and loss curve as one JSON document.")
    private boolean json;

    @Override
    public Integer call() {
        TrainingConsole console = new TrainingConsole(spec, TrainingConsole.MODEL_THREADS);
        console.settings(() -> LlamaShape.tiny(layers, vocabularyLimit));
        console.settings(() -> TrainingPlan.standard(steps, seed, corpusOptions.context()));
        Checkpoints checkpoints = console.settings(() -> checkpointOptions.in(out));
        console.announce(checkpoints);
        return console.run(() -> {
            checkpoints.requireFree();
            try (TrainingEvents sink = events.events("model", out, "", "", console::note)) {
                sink.during(() -> train(console, sink, checkpoints));
            }
        });
    }

    private void train(TrainingConsole console, TrainingEvents sink, Checkpoints checkpoints) throws IOException {
        Optional<TextCorpus> texts = corpusOptions.texts(events);
        Vocabulary vocabulary =
                texts.map(own -> own.vocabulary(vocabularyLimit)).orElseGet(Vocabulary::load);
        TrainingPlan plan = texts.isPresent()
                ? TrainingPlan.standard(steps, seed, corpusOptions.context())
                : TrainingPlan.standard(steps, seed);
        texts.ifPresent(own -> {
            console.note("corpus: " + own.describe() + "; vocabulary: " + vocabulary.size() + " tokens");
            own.warnings().forEach(warning -> console.note("warning: " + warning));
        });
        LineSource lines = texts.isPresent()
                ? texts.get().training(vocabulary, plan.length())
                : new CorpusLines(Corpus.load(), vocabulary);
        Files.createDirectories(out);
        TrainingRun run;
        try (LanguageModel model = LanguageModel.random(LlamaShape.tiny(layers, vocabulary.size()), seed)) {
            Consumer<Progress> progress = console::progress;
            run = new LanguageModelTrainer(model, plan).train(lines, checkpoints, progress.andThen(sink));
            HuggingFaceFolder.write(out, model, vocabulary, Math.max(LEAST_POSITIONS, plan.length()));
        }
        measure(console, run, texts);
        checkpoints.delete();
    }

    /** On the development split, as the engine runs what was written. */
    private void measure(TrainingConsole console, TrainingRun run, Optional<TextCorpus> texts) throws IOException {
        try (var model = io.circuitstream.circuits.model.LanguageModel.load(out)) {
            Documents documents = texts.isPresent()
                    ? texts.get().documents(corpusOptions.encoder(model))
                    : new DemoDocuments(Corpus.load(), model.tokens(), seed, PROMPTS_PER_TASK);
            List<Document> heldOut = new ArrayList<>();
            documents.open(Split.DEVELOPMENT).forEachRemaining(heldOut::add);
            documents.warnings().forEach(warning -> console.note("warning: " + warning));
            HeldOutPredictions predictions = HeldOutPredictions.measure(model, heldOut);
            if (json) {
                console.json(ModelResult.of(predictions, run));
            } else {
                console.predictions(predictions);
            }
        }
    }
}
