package io.circuitstream.training.languagemodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.training.Progress;
import io.circuitstream.training.TrainingRun;
import io.circuitstream.training.checkpoint.Checkpoints;
import io.circuitstream.training.checkpoint.UnfinishedRunException;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.CorpusLines;
import io.circuitstream.training.corpus.LineSource;
import io.circuitstream.training.corpus.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResumeTest {
    private static final Vocabulary VOCABULARY = Vocabulary.load();
    private static final LineSource LINES = new CorpusLines(Corpus.load(), VOCABULARY);
    private static final LlamaShape SHAPE = new LlamaShape(2, 32, 2, 48, VOCABULARY.size(), 1e-5f, 10_000f);
    private static final TrainingPlan PLAN = new TrainingPlan(120, 3, 4, 48, 5e-3, 10, .03, .1, 1, .1);

    private static Result uninterrupted = new Result(Map.of(), List.of());

    @TempDir
    Path folder;

    private record Result(Map<String, float[]> weights, List<TrainingRun.Point> losses) {}

    /** Where a test ends a run. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @BeforeAll
    static void trainOnce() throws IOException {
        TensorRuntime.start(2);
        try (LanguageModel model = LanguageModel.random(SHAPE, PLAN.seed())) {
            TrainingRun run = new LanguageModelTrainer(model, PLAN).train(LINES, progress -> {});
            uninterrupted = new Result(model.weights(), run.losses());
        }
    }

    /** The first stop is after 50 steps, the second after 100; the checkpoint before them is older or just that. */
    @ParameterizedTest
    @CsvSource({"50, 50, 100", "20, 40, 100", "33, 33, 99", "1, 50, 100"})
    void shouldEndAtTheSameWeightsWhenInterruptedTwice(int every, int firstSaved, int secondSaved) throws IOException {
        // When
        assertThat(catchThrowable(() -> train(every, false, stopAt(50)))).isInstanceOf(Stopped.class);
        assertThat(position()).isEqualTo(firstSaved);
        assertThat(catchThrowable(() -> train(every, true, stopAt(100)))).isInstanceOf(Stopped.class);
        assertThat(position()).isEqualTo(secondSaved);
        List<Integer> reported = new ArrayList<>();
        Result result = train(every, true, progress -> reported.add(progress.step()));

        // Then
        uninterrupted.weights.forEach(
                (name, values) -> assertThat(result.weights.get(name)).as(name).isEqualTo(values));
        assertThat(result.losses).isEqualTo(uninterrupted.losses).hasSize(3);
        assertThat(reported).endsWith(120).doesNotContain(50);
    }

    @Test
    void shouldHaveNothingLeftToTrainWhenOnlyTheWeightsWereNotWritten() throws IOException {
        train(500, false, progress -> {});

        Result result = train(500, true, stopAt(120));

        assertThat(result.weights.get(LlamaShape.EMBEDDING)).isEqualTo(uninterrupted.weights.get(LlamaShape.EMBEDDING));
    }

    @Test
    void shouldRefuseWhenTheShapeIsAnother() throws IOException {
        assertThat(catchThrowable(() -> train(50, false, stopAt(50)))).isInstanceOf(Stopped.class);
        LlamaShape wider = new LlamaShape(2, 64, 2, 48, VOCABULARY.size(), 1e-5f, 10_000f);

        try (LanguageModel model = LanguageModel.random(wider, PLAN.seed())) {
            LanguageModelTrainer trainer = new LanguageModelTrainer(model, PLAN);
            assertThatThrownBy(() -> trainer.train(LINES, checkpoints(50, true), progress -> {}))
                    .isInstanceOf(UnfinishedRunException.class)
                    .hasMessageContaining(": width 32 → 64;");
        }
    }

    @Test
    void shouldStopAndKeepTheCheckpointWhenTheNextCannotBeWritten() throws IOException {
        // Given: a folder in the place of the temporary file
        assertThat(catchThrowable(() -> train(50, false, stopAt(50)))).isInstanceOf(Stopped.class);
        Path obstacle = folder.resolve("training.checkpoint.new").resolve("full");
        Files.createDirectories(obstacle);

        // When
        assertThatThrownBy(() -> train(50, true, progress -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("training.checkpoint cannot be written");

        // Then
        assertThat(position()).isEqualTo(50);
        Files.delete(obstacle);
        Files.delete(obstacle.getParent());
        assertThat(train(50, true, progress -> {}).losses).isEqualTo(uninterrupted.losses);
    }

    @Test
    void shouldHoldTheSameNumberOfArraysWhenTrainingGoesOn() {
        TrainingPlan plan = new TrainingPlan(300, 3, 2, 48, 5e-3, 10, .03, .1, 1, .1);
        List<Integer> live = new ArrayList<>();
        try (LanguageModel model = LanguageModel.random(SHAPE, 3)) {
            new LanguageModelTrainer(model, plan)
                    .train(
                            LINES,
                            progress ->
                                    live.add(model.manager().getManagedArrays().size()));

            assertThat(live).hasSize(6).containsOnly(live.get(0));
            // 15 parameters with two moments each: what is counted is what the trainer holds
            assertThat(live.get(0)).isGreaterThan(3 * model.parameters().size());
        }
    }

    private Result train(int every, boolean resume, Consumer<Progress> progress) throws IOException {
        try (LanguageModel model = LanguageModel.random(SHAPE, PLAN.seed())) {
            TrainingRun run = new LanguageModelTrainer(model, PLAN).train(LINES, checkpoints(every, resume), progress);
            return new Result(model.weights(), run.losses());
        }
    }

    private Checkpoints checkpoints(int every, boolean resume) {
        return Checkpoints.in(folder, every, resume);
    }

    private static Consumer<Progress> stopAt(int step) {
        return progress -> {
            if (progress.step() == step) {
                throw new Stopped();
            }
        };
    }

    private int position() {
        String sentence = catchThrowable(() -> train(1, false, progress -> {})).getMessage();
        return Integer.parseInt(sentence.replaceAll(".* holds step (\\d+) of 120 .*", "$1"));
    }
}
