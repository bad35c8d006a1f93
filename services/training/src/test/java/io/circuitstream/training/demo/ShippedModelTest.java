package io.circuitstream.training.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.corpus.Task;
import io.circuitstream.training.corpus.Vocabulary;
import io.circuitstream.training.documents.DemoDocuments;
import io.circuitstream.training.documents.Document;
import io.circuitstream.training.evaluation.EvaluationFigures;
import io.circuitstream.training.languagemodel.AnswerAccuracy;
import io.circuitstream.training.languagemodel.HuggingFaceFolder;
import io.circuitstream.training.languagemodel.LanguageModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is committed in {@code models/tiny-ten}, on a part of the test split: the card has the full figures. */
class ShippedModelTest {
    private static final Path FOLDER = Path.of("..", "..", "models", "tiny-ten");
    private static final int PROMPTS = 40;

    private final Corpus corpus = Corpus.load();
    private final Vocabulary vocabulary = Vocabulary.load();

    @Test
    void shouldAnswerHeldOutPromptsWhenLoaded() throws IOException {
        try (LanguageModel model = HuggingFaceFolder.read(FOLDER)) {
            List<AnswerAccuracy> lines = AnswerAccuracy.measure(model, corpus, vocabulary, Split.TEST, PROMPTS);

            assertThat(lines).extracting(AnswerAccuracy::task).containsExactly(Task.values());
            assertThat(AnswerAccuracy.overall(lines)).isGreaterThanOrEqualTo(.95);
        }
    }

    /** The bounds are those of the whole test split with room for what this part of it can differ by. */
    @ParameterizedTest
    @CsvSource({"CLT, .98, .015, .95, .87", "PLT, .95, .03, .93, .80"})
    void shouldStandInForEveryMlpWhenMeasuredOnHeldOutPrompts(
            ShippedTranscoder transcoder, double agreement, double error, double completeness, double replacement) {
        TensorRuntime.start(1);
        try (var model = io.circuitstream.circuits.model.LanguageModel.load(FOLDER)) {
            List<Document> test = new ArrayList<>();
            new DemoDocuments(corpus, model.tokens(), 1, PROMPTS / 4)
                    .open(Split.TEST)
                    .forEachRemaining(test::add);

            EvaluationFigures figures = transcoder.measure(model, FOLDER, test, progress -> {});

            assertThat(figures.top1AgreementAnswers()).isGreaterThanOrEqualTo(agreement);
            assertThat(figures.normalisedMse()).isLessThan(error);
            assertThat(figures.l0()).isBetween(20.0, 65.0);
            assertThat(figures.completenessScore()).isGreaterThanOrEqualTo(completeness);
            assertThat(figures.replacementScore()).isGreaterThanOrEqualTo(replacement);
            assertThat(figures.graphs().conservationError()).isLessThan(1e-5);
        }
    }

    @Test
    void shouldPredictTheExpectedWordWhenTheEngineRunsTheSamples() throws IOException {
        ObjectMapper json = new ObjectMapper();
        Set<String> tasks = new HashSet<>();
        try (var engine = io.circuitstream.circuits.model.LanguageModel.load(FOLDER)) {
            for (String line : Files.readAllLines(FOLDER.resolve("samples.jsonl"))) {
                JsonNode sample = json.readTree(line);
                tasks.add(sample.get("task").asText());
                int[] tokens =
                        engine.tokens().encode(sample.get("text").asText()).ids();
                try (ForwardPass pass = Forward.run(engine, tokens)) {
                    assertThat(engine.tokens().token(largest(pass.logits(tokens.length - 1))))
                            .as(line)
                            .isEqualTo(sample.get("expected").asText());
                }
            }
        }
        assertThat(tasks).hasSize(10);
    }

    private static int largest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }
}
