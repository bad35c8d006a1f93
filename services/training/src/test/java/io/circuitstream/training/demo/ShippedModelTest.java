package io.circuitstream.training.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.corpus.Task;
import io.circuitstream.training.corpus.Vocabulary;
import io.circuitstream.training.languagemodel.AnswerAccuracy;
import io.circuitstream.training.languagemodel.HuggingFaceFolder;
import io.circuitstream.training.languagemodel.LanguageModel;
import io.circuitstream.training.transcoder.ReplacementEvaluation;
import io.circuitstream.training.transcoder.TranscoderFigures;
import io.circuitstream.training.transcoder.TranscoderFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

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

    @Test
    void shouldAgreeWithTheModelWhenEveryMlpIsReplaced() throws IOException {
        try (LanguageModel model = HuggingFaceFolder.read(FOLDER)) {
            TranscoderFigures figures = ReplacementEvaluation.measure(
                    model, TranscoderFolder.read(FOLDER.resolve("clt")), corpus, vocabulary, Split.TEST, PROMPTS);

            assertThat(figures.answers().top1()).isGreaterThanOrEqualTo(.97);
            assertThat(figures.normalisedMse()).isLessThan(.02);
            assertThat(figures.totalL0()).isBetween(20.0, 80.0);
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
