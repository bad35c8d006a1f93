package io.circuitstream.training.transcoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.training.Progress;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.corpus.Vocabulary;
import io.circuitstream.training.languagemodel.LanguageModel;
import io.circuitstream.training.languagemodel.LlamaShape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class TranscoderTrainerTest {
    private static final Corpus CORPUS = Corpus.load();
    private static final Vocabulary VOCABULARY = Vocabulary.load();
    private static final LanguageModel MODEL =
            LanguageModel.random(new LlamaShape(2, 32, 2, 48, VOCABULARY.size(), 1e-5f, 10_000f), 3);

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @Test
    void shouldReachTheTargetSparsityWhenTrained() {
        List<Progress> reports = new ArrayList<>();

        FoldedTranscoder trained = train(1, 600, reports::add);

        TranscoderFigures figures =
                ReplacementEvaluation.measure(MODEL, trained, CORPUS, VOCABULARY, Split.DEVELOPMENT, 10);
        assertThat(reports).hasSize(6);
        assertThat(reports.get(5).step()).isEqualTo(600);
        assertThat(figures.totalL0()).isBetween(6.0, 16.0);
        assertThat(figures.normalisedMse()).isBetween(0.0, .8);
        assertThat(figures.all().top1()).isGreaterThan(.3);
        assertThat(figures.all().positions()).isGreaterThan(figures.answers().positions());
    }

    @Test
    void shouldGiveTheSameWeightsWhenSeedIsTheSame() {
        FoldedTranscoder first = train(4, 60, progress -> {});
        FoldedTranscoder second = train(4, 60, progress -> {});
        FoldedTranscoder other = train(5, 60, progress -> {});

        assertThat(second.encoder).isDeepEqualTo(first.encoder);
        assertThat(second.decoder).isDeepEqualTo(first.decoder);
        assertThat(second.threshold).isDeepEqualTo(first.threshold);
        assertThat(second.decoderBias).isDeepEqualTo(first.decoderBias);
        assertThat(other.decoder[0]).isNotEqualTo(first.decoder[0]);
    }

    @Test
    void shouldLowerTheWantedSparsityAndHoldLambdaWhenTheRunGoesOn() {
        SparsityController controller = new SparsityController(60, 1000);

        assertThat(controller.wanted(0)).isCloseTo(240, within(1e-9));
        assertThat(controller.wanted(200)).isCloseTo(150, within(1e-9));
        assertThat(controller.wanted(400)).isCloseTo(60, within(1e-9));
        double before = controller.lambda();
        controller.observe(500, 80);
        assertThat(controller.lambda()).as("too dense").isGreaterThan(before);
        double dense = controller.lambda();
        controller.observe(501, 40);
        assertThat(controller.lambda()).as("too sparse").isLessThan(dense);
        double last = controller.lambda();
        controller.observe(950, 500);
        assertThat(controller.lambda()).as("frozen").isEqualTo(last);
    }

    private static FoldedTranscoder train(long seed, int steps, Consumer<Progress> progress) {
        TranscoderPlan plan = new TranscoderPlan(steps, 64, seed, 10, 256, 4096, 2e-3);
        return new TranscoderTrainer(MODEL, plan).train(CORPUS, VOCABULARY, progress);
    }
}
