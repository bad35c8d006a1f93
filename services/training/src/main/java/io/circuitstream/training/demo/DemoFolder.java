package io.circuitstream.training.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.circuitstream.training.Progress;
import io.circuitstream.training.TrainingRun;
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
import io.circuitstream.training.transcoder.FoldedTranscoder;
import io.circuitstream.training.transcoder.ReplacementEvaluation;
import io.circuitstream.training.transcoder.TranscoderFigures;
import io.circuitstream.training.transcoder.TranscoderFolder;
import io.circuitstream.training.transcoder.TranscoderPlan;
import io.circuitstream.training.transcoder.TranscoderTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The folder that ships: model, transcoder, ten task files, ten samples and two cards. Every file but the times in the cards and
 * in {@code training.json} depends only on this class's constants. Not thread-safe.
 */
public final class DemoFolder {
    private static final String NAME = "tiny-ten";
    private static final int LAYERS = 6;
    private static final int FEATURES = 1024;
    private static final int MODEL_STEPS = 4000;
    private static final int TRANSCODER_STEPS = 5000;
    private static final long SEED = 1;
    private static final int MEASURED_PROMPTS = 200;
    private static final int LISTED_PROMPTS = 20;
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path folder;
    private final Corpus corpus = Corpus.load();
    private final Vocabulary vocabulary = Vocabulary.load();

    /** The two runs behind the weights, {@code training.json}. */
    record Runs(TrainingRecord model, TrainingRecord transcoder) {}

    public DemoFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Trains both and writes everything. The model's training is saved on the way; its last checkpoint stays until everything
     * is written, so that a run that stops in the transcoder need not train the model again.
     */
    public void train(Checkpoints checkpoints, Consumer<Progress> progress) throws IOException {
        Files.createDirectories(folder);
        try (LanguageModel model = LanguageModel.random(LlamaShape.tiny(LAYERS, vocabulary.size()), SEED)) {
            TrainingRun modelRun = new LanguageModelTrainer(model, TrainingPlan.standard(MODEL_STEPS, SEED))
                    .train(corpus, vocabulary, checkpoints, progress);
            HuggingFaceFolder.write(folder, model, vocabulary);
            TrainingRecord modelRecord = TrainingRecord.of(SEED, modelRun);
            TrainingRecord.Recorder transcoderRun = new TrainingRecord.Recorder();
            TranscoderPlan plan = TranscoderPlan.standard(TRANSCODER_STEPS, FEATURES, SEED);
            FoldedTranscoder transcoder =
                    new TranscoderTrainer(model, plan).train(corpus, vocabulary, progress.andThen(transcoderRun::add));
            TranscoderFolder.write(transcoderFolder(), transcoder, NAME, NAME + "-clt");
            Runs runs = new Runs(modelRecord, transcoderRun.finish(SEED, TRANSCODER_STEPS));
            Files.writeString(folder.resolve("training.json"), JSON.writeValueAsString(runs) + "\n");
        }
        describe();
        checkpoints.delete();
    }

    /** Measures the weights in the folder on the test split and rewrites task files, samples and cards; trains nothing. */
    public void describe() throws IOException {
        Runs runs = JSON.readValue(folder.resolve("training.json").toFile(), Runs.class);
        try (LanguageModel model = HuggingFaceFolder.read(folder)) {
            FoldedTranscoder transcoder = TranscoderFolder.read(transcoderFolder());
            writeTasks(model);
            List<AnswerAccuracy> accuracy =
                    AnswerAccuracy.measure(model, corpus, vocabulary, Split.TEST, MEASURED_PROMPTS);
            TranscoderFigures figures =
                    ReplacementEvaluation.measure(model, transcoder, corpus, vocabulary, Split.TEST, MEASURED_PROMPTS);
            Files.writeString(
                    folder.resolve("README.md"), ModelCard.text(model.shape(), accuracy, figures, runs.model()));
            Files.writeString(
                    transcoderFolder().resolve("README.md"),
                    TranscoderCard.text(transcoder, figures, runs.transcoder()));
        }
    }

    private void writeTasks(LanguageModel model) throws IOException {
        Path tasks = Files.createDirectories(folder.resolve("tasks"));
        List<String> samples = new ArrayList<>();
        List<TaskDescription> suite = TaskDescription.suite();
        for (int i = 0; i < suite.size(); i++) {
            TaskDescription description = suite.get(i);
            Sample sample = Sample.choose(i + 1, description, model, corpus, vocabulary)
                    .orElseThrow(() -> new IOException("the model in " + folder + " answers no held-out prompt of "
                            + description.task() + ": train it for longer"));
            TaskFile.of(description, sample, corpus.heldOut(description.family(), Split.TEST, LISTED_PROMPTS))
                    .write(tasks);
            samples.add(new ObjectMapper().writeValueAsString(sample));
        }
        Files.writeString(folder.resolve("samples.jsonl"), String.join("\n", samples) + "\n");
    }

    private Path transcoderFolder() {
        return folder.resolve("clt");
    }
}
