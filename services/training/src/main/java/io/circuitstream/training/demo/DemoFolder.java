package io.circuitstream.training.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.training.Progress;
import io.circuitstream.training.TrainingRun;
import io.circuitstream.training.checkpoint.Checkpoints;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.CorpusLines;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.corpus.Vocabulary;
import io.circuitstream.training.documents.DemoDocuments;
import io.circuitstream.training.documents.Document;
import io.circuitstream.training.documents.Documents;
import io.circuitstream.training.evaluation.EvaluationFigures;
import io.circuitstream.training.evaluation.HeldOutPredictions;
import io.circuitstream.training.languagemodel.HuggingFaceFolder;
import io.circuitstream.training.languagemodel.LanguageModel;
import io.circuitstream.training.languagemodel.LanguageModelTrainer;
import io.circuitstream.training.languagemodel.LlamaShape;
import io.circuitstream.training.languagemodel.TrainingPlan;
import io.circuitstream.training.transcoder.Activations;
import io.circuitstream.training.transcoder.TranscoderResult;
import io.circuitstream.training.transcoder.TranscoderTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The folder that ships: model, two transcoders, ten task files, ten samples and three cards. Every file but the times in the
 * cards and in {@code training.json} depends only on the constants here and in {@link ShippedTranscoder}. Not thread-safe.
 */
public final class DemoFolder {
    static final String NAME = "tiny-ten";
    static final int MEASURED_PROMPTS = 200;
    private static final int LAYERS = 6;
    private static final int MODEL_STEPS = 4000;
    private static final int MAX_POSITIONS = 128;
    private static final long SEED = 1;
    /** Of the language model's training; transcoders are trained and measured with one on each of two Java threads. */
    private static final int MODEL_THREADS = 2;

    private static final int LISTED_PROMPTS = 20;
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path folder;
    private final Corpus corpus = Corpus.load();
    private final Vocabulary vocabulary = Vocabulary.load();

    /** The runs behind the weights, {@code training.json}. */
    record Runs(TrainingRecord model, TrainingRecord clt, TrainingRecord plt) {
        TrainingRecord of(ShippedTranscoder transcoder) {
            return switch (transcoder) {
                case CLT -> clt;
                case PLT -> plt;
            };
        }
    }

    public DemoFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Trains all three and writes everything. Each training is saved on the way; the last checkpoints stay until everything is
     * written, so that a run that stops late need not repeat what came before.
     */
    public void train(Checkpoints checkpoints, Consumer<Progress> progress) throws IOException {
        Files.createDirectories(folder);
        TrainingRecord modelRecord = TrainingRecord.of(SEED, trainModel(checkpoints, progress));
        List<TrainingRecord> transcoders = trainTranscoders(checkpoints, progress);
        Runs runs = new Runs(modelRecord, transcoders.get(0), transcoders.get(1));
        Files.writeString(folder.resolve("training.json"), JSON.writeValueAsString(runs) + "\n");
        describe(progress);
        checkpoints.delete();
        for (ShippedTranscoder transcoder : ShippedTranscoder.values()) {
            checkpoints(transcoder, checkpoints).delete();
        }
    }

    private TrainingRun trainModel(Checkpoints checkpoints, Consumer<Progress> progress) throws IOException {
        TensorRuntime.start(MODEL_THREADS);
        try (LanguageModel model = LanguageModel.random(shape(), SEED)) {
            TrainingRun run = new LanguageModelTrainer(model, TrainingPlan.standard(MODEL_STEPS, SEED))
                    .train(new CorpusLines(corpus, vocabulary), checkpoints, progress);
            HuggingFaceFolder.write(folder, model, vocabulary, MAX_POSITIONS);
            return run;
        }
    }

    private List<TrainingRecord> trainTranscoders(Checkpoints checkpoints, Consumer<Progress> progress)
            throws IOException {
        TensorRuntime.start(1);
        List<TrainingRecord> records = new ArrayList<>();
        try (var model = io.circuitstream.circuits.model.LanguageModel.load(folder)) {
            Documents documents = new DemoDocuments(corpus, model.tokens(), SEED, MEASURED_PROMPTS);
            Activations data = Activations.collect(
                    model, InputSite.MLP_IN, documents.open(Split.TRAIN), ShippedTranscoder.TOKENS, false, progress);
            for (ShippedTranscoder transcoder : ShippedTranscoder.values()) {
                TranscoderResult result = new TranscoderTrainer(model, InputSite.MLP_IN, transcoder.plan(SEED))
                        .train(data, checkpoints(transcoder, checkpoints), progress);
                result.write(transcoder.in(folder), NAME, NAME + "-" + transcoder.id());
                records.add(TrainingRecord.of(SEED, result.run()));
            }
        }
        return records;
    }

    private Checkpoints checkpoints(ShippedTranscoder transcoder, Checkpoints like) {
        return Checkpoints.in(transcoder.in(folder), like.every(), like.resume());
    }

    /** Measures the weights in the folder on the test split and rewrites task files, samples and cards; trains nothing. */
    public void describe(Consumer<Progress> progress) throws IOException {
        Runs runs = JSON.readValue(folder.resolve("training.json").toFile(), Runs.class);
        TensorRuntime.start(1);
        Map<ShippedTranscoder, EvaluationFigures> figures = new EnumMap<>(ShippedTranscoder.class);
        try (var model = io.circuitstream.circuits.model.LanguageModel.load(folder)) {
            DemoDocuments documents = new DemoDocuments(corpus, model.tokens(), SEED, MEASURED_PROMPTS);
            List<Document> test = new ArrayList<>();
            documents.open(Split.TEST).forEachRemaining(test::add);
            for (ShippedTranscoder transcoder : ShippedTranscoder.values()) {
                EvaluationFigures measured = transcoder.measure(model, folder, test, progress);
                figures.put(transcoder, measured);
                Files.writeString(
                        transcoder.in(folder).resolve("README.md"),
                        TranscoderCard.text(transcoder, measured, runs.of(transcoder)));
            }
            writeTasks(model, documents);
            Files.writeString(
                    folder.resolve("README.md"),
                    ModelCard.text(
                            shape(),
                            HeldOutPredictions.measure(model, test),
                            Objects.requireNonNull(figures.get(ShippedTranscoder.CLT)),
                            runs.model()));
        }
    }

    private LlamaShape shape() {
        return LlamaShape.tiny(LAYERS, vocabulary.size());
    }

    private void writeTasks(io.circuitstream.circuits.model.LanguageModel model, DemoDocuments documents)
            throws IOException {
        Path tasks = Files.createDirectories(folder.resolve("tasks"));
        List<String> samples = new ArrayList<>();
        List<TaskDescription> suite = TaskDescription.suite();
        for (int i = 0; i < suite.size(); i++) {
            TaskDescription description = suite.get(i);
            Sample sample = Sample.choose(i + 1, description, model, corpus, documents)
                    .orElseThrow(() -> new IOException("the model in " + folder + " answers no held-out prompt of "
                            + description.task() + ": train it for longer"));
            TaskFile.of(description, sample, corpus.heldOut(description.family(), Split.TEST, LISTED_PROMPTS))
                    .write(tasks);
            samples.add(new ObjectMapper().writeValueAsString(sample));
        }
        Files.writeString(folder.resolve("samples.jsonl"), String.join("\n", samples) + "\n");
    }
}
