package io.circuitstream.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.TinyModels;
import io.circuitstream.training.documents.Document;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class TranscoderMeasurementTest extends TinyMeasurement {

    @Test
    void shouldMeasureReconstructionsWhenComparedWithTheDenseSums() {
        List<Document> documents = documents(6);

        EvaluationFigures figures = measure(documents, 0, 2);

        DenseEvaluation.Reconstruction dense =
                dense().reconstruction(documents.stream().map(Document::tokens).toList());
        assertThat(figures.byLayer()).hasSize(TinyModels.LAYERS);
        for (EvaluationFigures.LayerFigures layer : figures.byLayer()) {
            int l = layer.layer();
            assertThat(layer.l0()).isEqualTo(dense.l0()[l], within(1e-12));
            assertThat(layer.normalisedMse()).isEqualTo(dense.normalisedMse()[l], within(1e-5));
            assertThat(layer.explainedVariance()).isEqualTo(1 - dense.normalisedMse()[l], within(1e-5));
            assertThat(layer.deadFraction()).isEqualTo(dense.dead()[l], within(1e-12));
            assertThat(layer.features()).isEqualTo(TinyModels.FEATURES);
        }
        assertThat(figures.l0()).isEqualTo(Arrays.stream(dense.l0()).sum(), within(1e-12));
        assertThat(figures.normalisedMse())
                .isEqualTo(Arrays.stream(dense.normalisedMse()).average().orElseThrow(), within(1e-5));
        assertThat(figures.explainedVariance()).isEqualTo(dense.explainedVariance(), within(1e-5));
        assertThat(figures.deadFraction())
                .isEqualTo(Arrays.stream(dense.dead()).average().orElseThrow(), within(1e-12));
        assertThat(figures.features()).isEqualTo(TinyModels.LAYERS * TinyModels.FEATURES);
        assertThat(figures.parameters()).isEqualTo(PARAMETERS);
    }

    @Test
    void shouldMeasureTheReplacementModelWhenComparedWithTheDenseOne() {
        List<Document> documents = documents(6);

        EvaluationFigures figures = measure(documents, 0, 2);

        List<DenseEvaluation.Position> all = positions(documents, false);
        List<DenseEvaluation.Position> answers = positions(documents, true);
        assertThat(all).extracting(DenseEvaluation.Position::agrees).contains(0, 1);
        assertThat(figures.tokens()).isEqualTo(all.size());
        assertThat(figures.top1Agreement()).isEqualTo(mean(all, DenseEvaluation.Position::agrees), within(1e-12));
        assertThat(figures.top1AgreementAnswers())
                .isEqualTo(mean(answers, DenseEvaluation.Position::agrees), within(1e-12));
        assertThat(figures.klDivergence()).isEqualTo(mean(all, DenseEvaluation.Position::divergence), within(1e-5));
        assertThat(figures.klDivergenceAnswers())
                .isEqualTo(mean(answers, DenseEvaluation.Position::divergence), within(1e-5));
    }

    @Test
    void shouldMeasureEachGroupWhenDocumentsAreOfSeveral() {
        List<Document> documents = documents(6);

        EvaluationFigures figures = measure(documents, 1, 2);

        assertThat(figures.byGroup())
                .extracting(EvaluationFigures.GroupFigures::group)
                .containsExactly("even", "odd");
        for (EvaluationFigures.GroupFigures group : figures.byGroup()) {
            List<Document> own = documents.stream()
                    .filter(d -> d.group().equals(group.group()))
                    .toList();
            EvaluationFigures alone = measure(own, 1, 2);
            assertThat(group.documents()).isEqualTo(3);
            assertThat(group.tokens()).isEqualTo(alone.tokens());
            assertThat(group.top1Agreement()).isEqualTo(alone.top1Agreement());
            assertThat(group.top1AgreementAnswers()).isEqualTo(alone.top1AgreementAnswers());
            assertThat(group.klDivergence()).isEqualTo(alone.klDivergence());
            assertThat(group.klDivergenceAnswers()).isEqualTo(alone.klDivergenceAnswers());
            assertThat(group.replacementScore()).isEqualTo(alone.replacementScore());
            assertThat(group.completenessScore()).isEqualTo(alone.completenessScore());
            assertThat(group.pathLength()).isEqualTo(alone.pathLength());
            assertThat(group.graphs()).isEqualTo(alone.graphs());
        }
    }

    @Test
    void shouldScoreTheFirstDocumentsOfEachGroupWhenGraphsAreLimited() {
        List<Document> documents = documents(6);

        EvaluationFigures figures = measure(documents, 2, 2);

        List<DenseEvaluation.Scores> scores = documents.subList(0, 4).stream()
                .map(d -> dense().scores(transcoder, Arrays.copyOf(d.tokens(), d.firstAnswer() + 1)))
                .toList();
        assertThat(figures.graphs().prompts()).isEqualTo(4);
        assertThat(figures.replacementScore())
                .isEqualTo(mean(scores, DenseEvaluation.Scores::replacement), within(1e-6));
        assertThat(figures.completenessScore())
                .isEqualTo(mean(scores, DenseEvaluation.Scores::completeness), within(1e-6));
        assertThat(figures.pathLength()).isEqualTo(mean(scores, DenseEvaluation.Scores::pathLength), within(1e-6));
        assertThat(figures.graphs().activeFeatures())
                .isEqualTo(mean(scores, DenseEvaluation.Scores::activeFeatures), within(1e-12));
        assertThat(figures.graphs().edges()).isEqualTo(mean(scores, DenseEvaluation.Scores::edges), within(1e-9));
        assertThat(figures.graphs().conservationError()).isBetween(1e-12, 1e-5);
    }

    @Test
    void shouldHaveNoScoresWhenNoGraphIsAskedFor() {
        EvaluationFigures figures = measure(documents(1), 0, 1);

        assertThat(figures.graphs().prompts()).isZero();
        assertThat(figures.replacementScore()).isNaN();
        assertThat(figures.completenessScore()).isNaN();
        assertThat(figures.pathLength()).isNaN();
    }

    private static DenseEvaluation dense() {
        return new DenseEvaluation(model, folder.resolve("clt"));
    }

    private static List<DenseEvaluation.Position> positions(List<Document> documents, boolean answers) {
        List<DenseEvaluation.Position> result = new ArrayList<>();
        for (Document document : documents) {
            List<DenseEvaluation.Position> all = dense().replacement(document.tokens());
            result.addAll(answers ? all.subList(document.firstAnswer(), all.size() - 1) : all.subList(1, all.size()));
        }
        return result;
    }

    private static <T> double mean(List<T> values, ToDoubleFunction<T> value) {
        return values.stream().mapToDouble(value).average().orElseThrow();
    }
}
