package io.circuitstream.training.sweep;

import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Neurons;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import io.circuitstream.training.Progress;
import io.circuitstream.training.checkpoint.Checkpoints;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.documents.Document;
import io.circuitstream.training.documents.Documents;
import io.circuitstream.training.evaluation.EvaluationPoint;
import io.circuitstream.training.evaluation.TranscoderMeasurement;
import io.circuitstream.training.transcoder.Activations;
import io.circuitstream.training.transcoder.TranscoderTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Trains and measures what a {@link SweepPlan} lists, on the same activations and the same documents. Single use. */
public final class Sweep {
    /** Steps between checkpoints: a sweep is continued where it stopped. */
    private static final int CHECKPOINT_EVERY = 500;

    private final LanguageModel model;
    private final SweepPlan plan;
    private final Documents documents;
    private final List<Document> measured;
    private final TranscoderMeasurement.Settings settings;
    private final Path work;
    private final Consumer<Progress> progress;
    private final List<EvaluationPoint> points = new ArrayList<>();
    private final SortedMap<String, String> scans = new TreeMap<>();

    /**
     * The model stays open.
     *
     * @param measured what figures are of
     * @param work where trained transcoders are kept; those that a run with the same plan left there are not trained again
     */
    public Sweep(
            LanguageModel model,
            SweepPlan plan,
            Documents documents,
            List<Document> measured,
            TranscoderMeasurement.Settings settings,
            Path work,
            Consumer<Progress> progress) {
        this.model = model;
        this.plan = plan;
        this.documents = documents;
        this.measured = measured;
        this.settings = settings;
        // Another model, or another plan, has other weights.
        this.work = work.resolve(String.format(
                Locale.ROOT,
                "%s-%s-steps-%d-tokens-%d-batch-%d-seed-%d",
                model.name(),
                model.hash().substring(0, 12),
                plan.steps(),
                plan.tokens(),
                plan.batch(),
                plan.seed()));
        this.progress = progress;
    }

    /** One point for each transcoder. */
    public List<EvaluationPoint> run() throws IOException {
        List<SweepPlan.Training> trainings =
                plan.trainings(model.config().layers(), model.config().width());
        train(trainings);
        for (SweepPlan.Training training : trainings) {
            try (Transcoder transcoder = TranscoderFiles.load(work.resolve(training.name()))) {
                long parameters = training.plan()
                        .parameters(model.config().layers(), model.config().width());
                EvaluationPoint.Kind kind =
                        EvaluationPoint.Kind.valueOf(training.plan().kind().name());
                add(kind, training.name(), training.targetL0(), transcoder, parameters);
            }
        }
        NeuronThresholds thresholds = NeuronThresholds.measure(model, documents.open(Split.TRAIN));
        for (double target : plan.neuronTargets()) {
            try (Transcoder neurons = new Neurons(model, thresholds.forL0(target))) {
                add(EvaluationPoint.Kind.NEURONS, "neurons-l0-" + Math.round(target), target, neurons, 0);
            }
        }
        return points;
    }

    /** Content hash of each transcoder by the name of its point; after {@link #run()}. */
    public SortedMap<String, String> scans() {
        return scans;
    }

    private void train(List<SweepPlan.Training> trainings) throws IOException {
        List<SweepPlan.Training> missing =
                trainings.stream().filter(training -> !isTrained(training)).toList();
        if (missing.isEmpty()) {
            return;
        }
        Activations data = Activations.collect(
                model, InputSite.MLP_IN, documents.open(Split.TRAIN), plan.tokens(), false, progress);
        for (SweepPlan.Training training : missing) {
            Path folder = work.resolve(training.name());
            Checkpoints checkpoints = Checkpoints.in(folder, CHECKPOINT_EVERY, true);
            new TranscoderTrainer(model, InputSite.MLP_IN, training.plan())
                    .train(data, checkpoints, report -> progress.accept(report.named(training.name())))
                    .write(folder, model.name(), model.name() + "-" + training.name());
            checkpoints.delete();
        }
    }

    /** The configuration is written last. */
    private boolean isTrained(SweepPlan.Training training) {
        return Files.exists(work.resolve(training.name()).resolve("config.yaml"));
    }

    private void add(EvaluationPoint.Kind kind, String name, double target, Transcoder transcoder, long parameters) {
        points.add(new EvaluationPoint(
                kind,
                name,
                target,
                new TranscoderMeasurement(model, transcoder, parameters, settings)
                        .measure(
                                measured,
                                done -> progress.accept(Progress.of(
                                        "measure " + name, done.done(), done.total(), done.secondsLeft())))));
        scans.put(name, transcoder.scan());
    }
}
