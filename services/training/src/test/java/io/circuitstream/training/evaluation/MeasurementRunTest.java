package io.circuitstream.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import io.circuitstream.training.documents.Document;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a measurement does besides its figures. */
class MeasurementRunTest extends TinyMeasurement {

    @Test
    void shouldGiveTheSameBitsWhenTheNumberOfThreadsDiffers() {
        List<Document> documents = documents(8);

        assertThat(measure(documents, 2, 3)).isEqualTo(measure(documents, 2, 1));
    }

    @Test
    void shouldGiveTheSameFiguresWhenTheDocumentsAreInAnotherOrder() {
        List<Document> documents = documents(6);
        List<Document> reversed = new ArrayList<>(documents);
        Collections.reverse(reversed);

        EvaluationFigures one = measure(documents, 0, 2);
        EvaluationFigures other = measure(reversed, 0, 2);

        assertThat(other.l0()).isEqualTo(one.l0());
        assertThat(other.normalisedMse()).isEqualTo(one.normalisedMse(), within(1e-12));
        assertThat(other.klDivergence()).isEqualTo(one.klDivergence(), within(1e-12));
    }

    /** The same tokens after another one that is not {@code <bos>}: now the first position counts. */
    @Test
    void shouldCountEveryPositionButBosWhenATextBeginsWithIt() {
        int[] tokens = {BEGIN, 4, 9, 17};
        int[] unmasked = {5, 4, 9, 17};

        assertThat(measure(List.of(new Document("g", tokens, 0)), 0, 1).tokens())
                .isEqualTo(3);
        assertThat(measure(List.of(new Document("g", unmasked, 0)), 0, 1).tokens())
                .isEqualTo(4);
    }

    @Test
    void shouldCountNoBosAmongAnswersWhenTheFirstAnswerFollowsIt() {
        Document answer = new Document("g", new int[] {BEGIN, 4, 9, 17}, 0);

        EvaluationFigures figures = measure(List.of(answer), 0, 1);

        // Positions 1 and 2: the first is <bos>, the last predicts what follows the answer.
        Document shorter = new Document("g", new int[] {BEGIN, 4, 9}, 0);
        assertThat(figures.klDivergenceAnswers())
                .isEqualTo(measure(List.of(shorter), 0, 1).klDivergence(), within(1e-6));
    }

    @Test
    void shouldCountTheLastPositionWhenNoAnswerIsKnown() {
        Document text = new Document("g", new int[] {BEGIN, 9}, 1);

        EvaluationFigures figures = measure(List.of(text), 0, 1);

        assertThat(figures.klDivergenceAnswers()).isEqualTo(figures.klDivergence());
    }

    @Test
    void shouldReportEveryDocumentWhenItWasAdded() {
        List<MeasurementProgress> reports = new ArrayList<>();

        measurement(1, 2).measure(documents(4), reports::add);

        assertThat(reports).extracting(MeasurementProgress::done).containsExactly(1, 2, 3, 4);
        assertThat(reports).extracting(MeasurementProgress::total).containsOnly(4);
        assertThat(reports.get(0).secondsLeft()).isPositive();
        assertThat(reports.get(3).secondsLeft()).isZero();
    }

    @Test
    void shouldRefuseWhenThereIsNothingToMeasure() {
        assertThatThrownBy(() -> measure(List.of(), 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no document");
    }

    @Test
    void shouldThrowWhatWentWrongWhenADocumentCannotBeRead() {
        List<Document> documents = new ArrayList<>(documents(4));
        documents.add(2, new Document("odd", new int[] {BEGIN, TinyModels.VOCABULARY}, 0));

        assertThatThrownBy(() -> measure(documents, 1, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("token id " + TinyModels.VOCABULARY);
    }

    @Test
    void shouldRefuseATranscoderWhenItIsNotOfThisModel() throws IOException {
        Path other = TinyModels.transcoder(
                folder.resolve("other"),
                Kind.PER_LAYER,
                InputSite.RESID_MID,
                true,
                1,
                TinyModels.LAYERS - 1,
                TinyModels.WIDTH);

        try (Transcoder wrong = TranscoderFiles.load(other)) {
            assertThatThrownBy(() -> new TranscoderMeasurement(model, wrong, 0, TranscoderMeasurement.Settings.of(1)))
                    .isInstanceOf(ModelFileException.class);
        }
    }
}
