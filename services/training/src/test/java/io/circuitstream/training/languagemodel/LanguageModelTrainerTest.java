package io.circuitstream.training.languagemodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.training.Progress;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.CorpusLines;
import io.circuitstream.training.corpus.LineSource;
import io.circuitstream.training.corpus.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class LanguageModelTrainerTest {
    private static final Vocabulary VOCABULARY = Vocabulary.load();
    private static final LineSource LINES = new CorpusLines(Corpus.load(), VOCABULARY);
    private static final LlamaShape SHAPE = new LlamaShape(2, 32, 2, 48, VOCABULARY.size(), 1e-5f, 10_000f);

    @Test
    void shouldLowerTheLossWhenTrained() {
        List<Double> losses = new ArrayList<>();

        train(150, 1, progress -> losses.add(progress.loss()));

        assertThat(losses).hasSize(3);
        assertThat(losses.get(0)).isBetween(4.0, Math.log(VOCABULARY.size()));
        assertThat(losses.get(2)).isLessThan(losses.get(0) - .5);
    }

    @Test
    void shouldGiveTheSameWeightsWhenSeedIsTheSame() {
        Map<String, float[]> first = train(10, 7, progress -> {});
        Map<String, float[]> second = train(10, 7, progress -> {});
        Map<String, float[]> other = train(10, 8, progress -> {});

        first.forEach((name, values) -> assertThat(second.get(name)).as(name).isEqualTo(values));
        assertThat(other.get(LlamaShape.EMBEDDING)).isNotEqualTo(first.get(LlamaShape.EMBEDDING));
    }

    @Test
    void shouldGiveTheSameWeightsWhenGarbageIsCollectedInBetween() throws InterruptedException {
        // Given: a thread that frees every buffer the graph may have borrowed, between all operations of a few steps
        Map<String, float[]> calm = train(5, 3, progress -> {});
        Thread collector = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                System.gc();
            }
        });
        collector.start();

        // When
        Map<String, float[]> disturbed = train(5, 3, progress -> {});

        // Then
        collector.interrupt();
        collector.join();
        calm.forEach((name, values) -> assertThat(disturbed.get(name)).as(name).isEqualTo(values));
    }

    @Test
    void shouldFollowTheScheduleWhenStepping() {
        TrainingPlan plan = TrainingPlan.standard(1000, 1);

        assertThat(plan.learningRateAt(0)).isCloseTo(plan.learningRate() / 200, within(1e-9));
        assertThat(plan.learningRateAt(199)).isBetween(.9 * plan.learningRate(), plan.learningRate());
        assertThat(plan.learningRateAt(999)).isCloseTo(.03 * plan.learningRate(), within(1e-6));
    }

    private static Map<String, float[]> train(int steps, long seed, Consumer<Progress> progress) {
        TrainingPlan standard = TrainingPlan.standard(steps, seed);
        TrainingPlan plan = new TrainingPlan(
                steps,
                seed,
                4,
                48,
                5e-3,
                10,
                standard.finalFraction(),
                standard.weightDecay(),
                standard.gradientNorm(),
                standard.promptWeight());
        try (LanguageModel model = LanguageModel.random(SHAPE, seed)) {
            new LanguageModelTrainer(model, plan).train(LINES, progress);
            return model.weights();
        }
    }
}
