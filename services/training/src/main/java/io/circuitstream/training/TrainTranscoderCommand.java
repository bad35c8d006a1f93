package io.circuitstream.training;

import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import io.circuitstream.training.checkpoint.Checkpoints;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.documents.Document;
import io.circuitstream.training.documents.Documents;
import io.circuitstream.training.evaluation.EvaluationFigures;
import io.circuitstream.training.evaluation.TranscoderMeasurement;
import io.circuitstream.training.transcoder.ActivationFunction;
import io.circuitstream.training.transcoder.Activations;
import io.circuitstream.training.transcoder.TranscoderKind;
import io.circuitstream.training.transcoder.TranscoderPlan;
import io.circuitstream.training.transcoder.TranscoderResult;
import io.circuitstream.training.transcoder.TranscoderTrainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "transcoder",
        description = "Train a transcoder for a model folder and write it in circuit-tracer's layout.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class TrainTranscoderCommand implements Callable<Integer> {
    private static final int PROMPTS_PER_TASK = 200;
    private static final int GRAPHS_PER_TASK = 10;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--model", required = true, description = "Hugging Face folder of the model.")
    private Path modelFolder = Path.of("");

    @Option(names = "--out", required = true, description = "Folder to write.")
    private Path out = Path.of("");

    @Option(
            names = "--kind",
            converter = Names.Kind.class,
            completionCandidates = Names.Kind.class,
            defaultValue = "clt",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private TranscoderKind kind = TranscoderKind.CLT;

    @Option(
            names = "--activation",
            converter = Names.Activation.class,
            completionCandidates = Names.Activation.class,
            defaultValue = "jumprelu",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}); batch-top-k is written as JumpReLU.")
    private ActivationFunction activation = ActivationFunction.JUMP_RELU;

    @Option(names = "--skip", description = "Add a linear map from each layer's input to its output.")
    private boolean skip;

    @Option(
            names = "--jacobian",
            paramLabel = "WEIGHT",
            defaultValue = "0",
            description = "Weight of Jacobian matching (default: ${DEFAULT-VALUE}, without).")
    private double jacobian;

    @Option(names = "--features", defaultValue = "1024", description = "Features a layer (default: ${DEFAULT-VALUE}).")
    private int features;

    @Option(
            names = "--l0",
            defaultValue = "56",
            description = "Active features of a token, over all layers, to aim at (default: ${DEFAULT-VALUE}).")
    private double l0;

    @Option(
            names = "--input-site",
            converter = Names.Site.class,
            completionCandidates = Names.Site.class,
            defaultValue = "mlp.hook_in",
            description = "Where features read, ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private InputSite site = InputSite.MLP_IN;

    @Option(names = "--steps", defaultValue = "6000", description = "Updates (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--batch", defaultValue = "1024", description = "Tokens of an update (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--learning-rate", defaultValue = "2e-3", description = "Of Adam (default: ${DEFAULT-VALUE}).")
    private double learningRate;

    @Option(
            names = "--tokens",
            defaultValue = "200000",
            description = "Training tokens to collect activations of (default: ${DEFAULT-VALUE}).")
    private int tokens;

    @Option(names = "--seed", defaultValue = "1", description = "Same seed, same weights (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private CorpusOptions corpus = new CorpusOptions();

    @Mixin
    private EventOptions events = new EventOptions();

    @Mixin
    private CheckpointOptions checkpointOptions = new CheckpointOptions();

    @Option(names = "--json", description = "Print figures, time and loss curve as one JSON document.")
    private boolean json;

    @Override
    public Integer call() {
        TrainingConsole console = new TrainingConsole(spec, TrainingConsole.TRANSCODER_THREADS);
        TranscoderPlan plan = console.settings(() -> new TranscoderPlan(
                kind, activation, skip, jacobian, steps, features, seed, l0, batch, tokens, learningRate));
        Checkpoints checkpoints = console.settings(() -> checkpointOptions.in(out));
        console.announce(checkpoints);
        return console.run(() -> {
            checkpoints.requireFree();
            try (TrainingEvents sink = events.events("transcoder", out, kind.id(), activation.id(), console::note)) {
                sink.during(() -> {
                    try (LanguageModel model = LanguageModel.load(modelFolder)) {
                        train(console, sink, model, plan, checkpoints);
                    }
                });
            }
        });
    }

    private void train(
            TrainingConsole console,
            TrainingEvents sink,
            LanguageModel model,
            TranscoderPlan plan,
            Checkpoints checkpoints)
            throws IOException {
        Documents documents = corpus.documents(model, seed, PROMPTS_PER_TASK, events);
        console.note("corpus: " + documents.describe());
        documents.warnings().forEach(warning -> console.note("warning: " + warning));
        Activations data =
                Activations.collect(model, site, documents.open(Split.TRAIN), tokens, jacobian > 0, console::progress);
        Consumer<Progress> progress = console::progress;
        TranscoderResult result =
                new TranscoderTrainer(model, site, plan).train(data, checkpoints, progress.andThen(sink));
        result.write(out, model.name(), model.name() + "-" + kind.id());
        List<Document> heldOut = new ArrayList<>();
        documents.open(Split.DEVELOPMENT).forEachRemaining(heldOut::add);
        if (heldOut.isEmpty()) {
            console.note("nothing was measured: no document is in the development split");
        } else {
            try (Transcoder trained = TranscoderFiles.load(out)) {
                EvaluationFigures figures = new TranscoderMeasurement(
                                model, trained, result.parameters(), TranscoderMeasurement.Settings.of(GRAPHS_PER_TASK))
                        .measure(heldOut, console::measured);
                if (json) {
                    console.json(TranscoderRunResult.of(figures, result.run()));
                } else {
                    console.figures(figures);
                }
            }
        }
        checkpoints.delete();
    }
}
