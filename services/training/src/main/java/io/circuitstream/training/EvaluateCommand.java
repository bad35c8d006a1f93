package io.circuitstream.training;

import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import io.circuitstream.platform.provenance.CodeVersion;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.documents.Document;
import io.circuitstream.training.documents.Documents;
import io.circuitstream.training.evaluation.EvaluatedModel;
import io.circuitstream.training.evaluation.EvaluationPoint;
import io.circuitstream.training.evaluation.EvaluationProvenance;
import io.circuitstream.training.evaluation.EvaluationReport;
import io.circuitstream.training.evaluation.HeldOutPredictions;
import io.circuitstream.training.evaluation.MeasurementProgress;
import io.circuitstream.training.evaluation.TranscoderMeasurement;
import io.circuitstream.training.hypotheses.CaseStudies;
import io.circuitstream.training.hypotheses.Hypothesis;
import io.circuitstream.training.hypotheses.HypothesisResult;
import io.circuitstream.training.hypotheses.HypothesisTable;
import io.circuitstream.training.hypotheses.HypothesisTrial;
import io.circuitstream.training.perturbation.PerturbationMeasurement;
import io.circuitstream.training.perturbation.PerturbationReport;
import io.circuitstream.training.perturbation.PerturbationText;
import io.circuitstream.training.sweep.Sweep;
import io.circuitstream.training.sweep.SweepPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code evaluate}: how good transcoders are, and what a kind of transcoder buys at equal sparsity. */
@Command(
        name = "evaluate",
        description = "Measure transcoders of a model; train and measure cross-layer, per-layer and incremental ones at"
                + " several sparsities, and neurons; write tables and charts.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class EvaluateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--model", required = true, description = "Hugging Face folder of the model.")
    private Path modelFolder = Path.of("");

    @Option(
            names = "--transcoder",
            paramLabel = "DIR",
            description = "A transcoder to measure beside the sweep; repeatable.")
    private List<Path> transcoders = new ArrayList<>();

    @Option(names = "--no-sweep", description = "Train nothing: only what --transcoder names.")
    private boolean noSweep;

    @Option(names = "--out", paramLabel = "DIR", description = "Folder for tables and charts (default: none).")
    private @Nullable Path out;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "target/evaluation",
            description = "Keeps the transcoders of the sweep; finished ones are not trained again (default:"
                    + " ${DEFAULT-VALUE}).")
    private Path work = Path.of("");

    @Option(
            names = "--l0",
            split = ",",
            defaultValue = "10,20,40,80,160",
            description = "Sparsities of the sweep, active features of a token (default: ${DEFAULT-VALUE}).")
    private List<Double> targets = new ArrayList<>();

    @Option(
            names = "--neuron-l0",
            split = ",",
            defaultValue = "20,40,80,160,320",
            description = "The same for neurons (default: ${DEFAULT-VALUE}).")
    private List<Double> neuronTargets = new ArrayList<>();

    @Option(names = "--features", defaultValue = "1024", description = "Features a layer (default: ${DEFAULT-VALUE}).")
    private int features;

    @Option(
            names = "--steps",
            defaultValue = "1500",
            description = "Updates of a training (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--batch", defaultValue = "1024", description = "Tokens of an update (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--tokens", defaultValue = "200000", description = "Training tokens (default: ${DEFAULT-VALUE}).")
    private int tokens;

    @Option(names = "--seed", defaultValue = "1", description = "Of the trainings (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--split",
            defaultValue = "test",
            description =
                    "What is measured on: test for figures that are published, development for all others (default:"
                            + " ${DEFAULT-VALUE}).")
    private String split = "test";

    @Option(
            names = "--prompts",
            defaultValue = "50",
            description = "Most prompts of a task of the demo corpus (default: ${DEFAULT-VALUE}).")
    private int prompts;

    @Option(
            names = "--graphs",
            defaultValue = "20",
            description = "Most attribution graphs of a task (default: ${DEFAULT-VALUE}).")
    private int graphs;

    @Option(
            names = "--perturbation",
            description =
                    "Instead, ablate the most influential features of the prompts and compare what was predicted with"
                            + " what the model does; needs one --transcoder.")
    private boolean perturbation;

    @Option(
            names = "--tasks",
            description =
                    "Instead, test the causal hypotheses on the ten tasks of the model that ships by replacing features;"
                            + " needs one --transcoder.")
    private boolean tasks;

    @Option(
            names = "--case-studies",
            paramLabel = "DIR",
            description =
                    "With --tasks: write a page for each task into this folder, its circuit as a picture beside it.")
    private @Nullable Path caseStudies;

    @Option(
            names = "--ablations",
            paramLabel = "N",
            defaultValue = "20",
            description = "Features ablated in each prompt by --perturbation (default: ${DEFAULT-VALUE}).")
    private int ablations;

    @Mixin
    private CorpusOptions corpus = new CorpusOptions();

    @Mixin
    private EventOptions events = new EventOptions();

    @Option(names = "--json", description = "Print the report as one JSON document.")
    private boolean json;

    @Override
    public Integer call() {
        TrainingConsole console = new TrainingConsole(spec, TrainingConsole.TRANSCODER_THREADS);
        Split measuredSplit = console.settings(() -> heldOut(split));
        SweepPlan plan = console.settings(() -> new SweepPlan(
                steps,
                features,
                tokens,
                batch,
                seed,
                noSweep ? List.of() : targets,
                noSweep ? List.of() : neuronTargets));
        if (perturbation || tasks || caseStudies != null) {
            console.settings(this::requireOneTranscoder);
            return console.run(() -> interventions(console, measuredSplit));
        }
        return console.run(() -> {
            try (TrainingEvents sink = events.events("evaluation", modelFolder, "", "", console::note)) {
                sink.during(() -> report(console, sink, plan, measuredSplit));
            }
        });
    }

    private void report(TrainingConsole console, TrainingEvents sink, SweepPlan plan, Split measuredSplit)
            throws IOException {
        Consumer<Progress> progress = console::progress;
        try (LanguageModel model = LanguageModel.load(modelFolder)) {
            EvaluationReport report = evaluate(console, progress.andThen(sink), model, plan, measuredSplit);
            if (out != null) {
                report.write(out);
            }
            if (json) {
                console.print(report.json());
            } else {
                console.points(report);
            }
        }
    }

    private boolean requireOneTranscoder() {
        if (transcoders.size() != 1 || ablations < 3) {
            throw new IllegalArgumentException("--perturbation needs one --transcoder and at least 3 --ablations, not "
                    + transcoders.size() + " and " + ablations);
        }
        if (caseStudies != null && !tasks) {
            throw new IllegalArgumentException("--case-studies goes with --tasks");
        }
        if (json && tasks && perturbation) {
            throw new IllegalArgumentException("--json prints one document: give --tasks or --perturbation");
        }
        return true;
    }

    private void interventions(TrainingConsole console, Split measuredSplit) throws IOException {
        try (LanguageModel model = LanguageModel.load(modelFolder);
                Transcoder transcoder = TranscoderFiles.load(transcoders.get(0))) {
            if (tasks) {
                hypotheses(console, new HypothesisTrial(model, transcoder));
            }
            if (perturbation) {
                PerturbationReport report = new PerturbationMeasurement(model, transcoder, ablations)
                        .measure(documents(model, measuredSplit), split, console::measured);
                write(console, "perturbation.md", PerturbationText.of(report), report);
            }
        }
    }

    private void hypotheses(TrainingConsole console, HypothesisTrial trial) throws IOException {
        List<HypothesisResult> results = new ArrayList<>();
        List<Hypothesis> all = Hypothesis.load();
        long start = System.nanoTime();
        for (Hypothesis hypothesis : all) {
            results.add(trial.run(hypothesis));
            double each = (System.nanoTime() - start) / 1e9 / results.size();
            console.measured(new MeasurementProgress(results.size(), all.size(), each * (all.size() - results.size())));
        }
        write(console, "tasks.md", HypothesisTable.of(results), results);
        if (caseStudies != null) {
            ServiceLoader.load(CaseStudies.class)
                    .findFirst()
                    .orElseThrow(() -> new IOException("no stage but training is there: pages need the whole pipeline"))
                    .write(caseStudies, modelFolder, transcoders.get(0), results, console::note);
        }
    }

    private void write(TrainingConsole console, String file, String text, Object figures) throws IOException {
        if (out != null) {
            Files.createDirectories(out);
            Files.writeString(out.resolve(file), text);
        }
        if (json) {
            console.json(figures);
        } else {
            console.print(text);
        }
    }

    private static Split heldOut(String name) {
        return switch (name) {
            case "test" -> Split.TEST;
            case "development" -> Split.DEVELOPMENT;
            default -> throw new IllegalArgumentException("--split is test or development, not " + name);
        };
    }

    private List<Document> documents(LanguageModel model, Split measuredSplit) {
        return measured(corpus.documents(model, seed, prompts, events), measuredSplit);
    }

    private List<Document> measured(Documents documents, Split measuredSplit) {
        List<Document> measured = new ArrayList<>();
        documents.open(measuredSplit).forEachRemaining(measured::add);
        if (measured.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no document in the " + split + " split to measure on: " + documents.describe());
        }
        return measured;
    }

    private EvaluationReport evaluate(
            TrainingConsole console,
            Consumer<Progress> progress,
            LanguageModel model,
            SweepPlan plan,
            Split measuredSplit)
            throws IOException {
        Documents documents = corpus.documents(model, seed, prompts, events);
        List<Document> measured = measured(documents, measuredSplit);
        TranscoderMeasurement.Settings settings = TranscoderMeasurement.Settings.of(graphs);
        SortedMap<String, String> scans = new TreeMap<>();
        List<EvaluationPoint> given = new ArrayList<>();
        for (Path folder : transcoders) {
            try (Transcoder transcoder = TranscoderFiles.load(folder)) {
                String name = folder.toAbsolutePath().normalize().getFileName().toString();
                EvaluationPoint.Kind kind = transcoder.kind() == Transcoder.Kind.PER_LAYER
                        ? EvaluationPoint.Kind.PLT
                        : EvaluationPoint.Kind.CLT;
                given.add(new EvaluationPoint(
                        kind,
                        name,
                        Double.NaN,
                        new TranscoderMeasurement(model, transcoder, transcoder.parameters(), settings)
                                .measure(measured, console::measured)));
                scans.put(name, transcoder.scan());
            }
        }
        List<EvaluationPoint> points = new ArrayList<>();
        if (!noSweep) {
            Sweep sweep = new Sweep(model, plan, documents, measured, settings, work, progress);
            points.addAll(sweep.run());
            scans.putAll(sweep.scans());
        }
        return new EvaluationReport(
                new EvaluationProvenance(CodeVersion.current(), split, prompts, graphs, seed, scans),
                new EvaluatedModel(
                        model.name(),
                        model.hash(),
                        model.config().layers(),
                        model.config().width(),
                        model.parameters(),
                        HeldOutPredictions.measure(model, measured).answers()),
                points,
                given);
    }
}
