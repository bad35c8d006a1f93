package io.circuitstream.training.perturbation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.documents.DemoDocuments;
import io.circuitstream.training.documents.Document;
import io.circuitstream.training.evaluation.MeasurementProgress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PerturbationMeasurementTest {
    private static final Path MODEL = Path.of("../../models/tiny-ten");

    /**
     * On one development prompt of each task. The bounds are far below the means of docs/evaluation/perturbation.md and far above
     * what wrong signs, layers or features give, which is about 0.
     */
    @Test
    void shouldPredictInTheKnownOrderWhenTheShippedModelIsPerturbed() {
        List<MeasurementProgress> progress = new ArrayList<>();
        PerturbationReport report;
        try (LanguageModel model = LanguageModel.load(MODEL);
                Transcoder transcoder = TranscoderFiles.load(MODEL.resolve("clt"))) {
            List<Document> documents = new ArrayList<>();
            new DemoDocuments(Corpus.load(), model.tokens(), 1, 1)
                    .open(Split.DEVELOPMENT)
                    .forEachRemaining(documents::add);
            report =
                    new PerturbationMeasurement(model, transcoder, 10).measure(documents, "development", progress::add);
        }

        assertThat(report.prompts()).isEqualTo(11);
        assertThat(progress).hasSize(11);
        assertThat(report.metrics()).containsOnlyKeys(Metric.values());
        assertThat(report.worstDirectError()).isPositive().isLessThan(1e-4);
        assertThat(mean(report, Metric.FROZEN_ATTENTION_NORMS)).isGreaterThan(.75);
        assertThat(mean(report, Metric.GRADIENT_OWN)).isGreaterThan(.7);
        assertThat(mean(report, Metric.GRADIENT_ALL)).isGreaterThan(.7);
        assertThat(mean(report, Metric.ITERATIVE_ALL)).isGreaterThan(.7);
        assertThat(mean(report, Metric.CONTROL_GRADIENT)).isBetween(-.4, .4);
        assertThat(mean(report, Metric.FEATURE_INFLUENCE_FROZEN)).isGreaterThan(.6);
        assertThat(report.cosineByDepth().get(1).mean()).isGreaterThan(.6);
        assertThat(report.featureToControl().mean()).isGreaterThan(1.5);
        assertThat(PerturbationText.of(report)).contains("| model's gradient | in the model, own layer | 0.");
    }

    private static double mean(PerturbationReport report, Metric metric) {
        return report.metrics().get(metric).mean();
    }

    @Test
    void shouldEncloseTheMeanWhenAnIntervalIsTaken() {
        Interval interval = Interval.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
        assertThat(interval.mean()).isEqualTo(5);
        // The standard error is .86: 1.96 of it on each side, but for the few draws of nine.
        assertThat(interval.low()).isCloseTo(3.3, within(.3));
        assertThat(interval.high()).isCloseTo(6.7, within(.3));
        assertThat(Interval.of(new double[] {2, 2, 2})).isEqualTo(new Interval(3, 2, 2, 2));
    }
}
