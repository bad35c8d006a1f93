package io.circuitstream.training.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.corpus.Task;
import io.circuitstream.training.documents.DemoDocuments;
import io.circuitstream.training.documents.Document;
import io.circuitstream.training.evaluation.EvaluatedModel;
import io.circuitstream.training.evaluation.EvaluationFigures;
import io.circuitstream.training.evaluation.HeldOutPredictions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is committed in {@code models/tiny-ten}, on a part of the test split: the card has the full figures. */
class ShippedModelTest {
    private static final Path FOLDER = Path.of("..", "..", "models", "tiny-ten");
    private static final int PROMPTS = 40;

    @Test
    void shouldAnswerHeldOutPromptsWhenLoaded() {
        try (LanguageModel model = LanguageModel.load(FOLDER)) {
            HeldOutPredictions predictions = HeldOutPredictions.measure(model, test(model, PROMPTS));

            assertThat(predictions.answers())
                    .extracting(EvaluatedModel.TaskAccuracy::task)
                    .containsExactly(Stream.of(Task.values()).map(Task::id).toArray(String[]::new));
            assertThat(predictions.allAnswers()).isGreaterThanOrEqualTo(.95);
        }
    }

    /** The bounds are those of the whole test split with room for what this part of it can differ by. */
    @ParameterizedTest
    @CsvSource({"CLT, .98, .015, .95, .87", "PLT, .95, .03, .93, .80"})
    void shouldStandInForEveryMlpWhenMeasuredOnHeldOutPrompts(
            ShippedTranscoder transcoder, double agreement, double error, double completeness, double replacement) {
        TensorRuntime.start(1);
        try (LanguageModel model = LanguageModel.load(FOLDER)) {
            EvaluationFigures figures = transcoder.measure(model, FOLDER, test(model, PROMPTS / 4), progress -> {});

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
        try (LanguageModel engine = LanguageModel.load(FOLDER)) {
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

    private static List<Document> test(LanguageModel model, int promptsOfATask) {
        List<Document> test = new ArrayList<>();
        new DemoDocuments(Corpus.load(), model.tokens(), 1, promptsOfATask)
                .open(Split.TEST)
                .forEachRemaining(test::add);
        return test;
    }

    private static int largest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }
}
