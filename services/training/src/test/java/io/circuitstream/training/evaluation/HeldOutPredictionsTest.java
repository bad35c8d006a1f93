package io.circuitstream.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.training.SmallModel;
import io.circuitstream.training.documents.Document;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldOutPredictionsTest {
    private static final int[] PROMPT = {1, 20, 300, 41};

    @TempDir
    static Path folder;

    private static LanguageModel model;
    private static int[] greedy = {};

    @BeforeAll
    static void generate() throws IOException {
        model = LanguageModel.load(SmallModel.write(folder));
        greedy = PROMPT;
        for (int i = 0; i < 2; i++) {
            float[] logits = logits(greedy, greedy.length - 1);
            int next = 0;
            for (int id = 1; id < logits.length; id++) {
                next = logits[id] > logits[next] ? id : next;
            }
            greedy = append(greedy, next);
        }
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void shouldCountAnswersByGroupWhenOnlyTheWholeAnswerIsRight() {
        int[] secondWrong = greedy.clone();
        secondWrong[5] = greedy[5] == 7 ? 8 : 7;
        Document right = new Document("b", greedy, 3);
        Document wrong = new Document("a", secondWrong, 3);
        Document open = new Document("c", PROMPT, 3);

        HeldOutPredictions predictions = HeldOutPredictions.measure(model, List.of(right, wrong, open, right));

        assertThat(predictions.answers())
                .containsExactly(
                        new EvaluatedModel.TaskAccuracy("b", 1, 2), new EvaluatedModel.TaskAccuracy("a", 0, 1));
        assertThat(predictions.prompts()).isEqualTo(3);
        assertThat(predictions.allAnswers()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(HeldOutPredictions.isExact(model, right)).isTrue();
        assertThat(HeldOutPredictions.isExact(model, wrong)).isFalse();
    }

    @Test
    void shouldAverageTheLossOverAllPredictedTokensWhenMeasured() {
        double loss = 0;
        for (int position = 0; position < 5; position++) {
            float[] logits = logits(greedy, position);
            double sum = 0;
            for (float logit : logits) {
                sum += Math.exp(logit);
            }
            loss -= Math.log(Math.exp(logits[greedy[position + 1]]) / sum);
        }

        HeldOutPredictions predictions = HeldOutPredictions.measure(model, List.of(new Document("", greedy, 5)));

        assertThat(predictions.tokens()).isEqualTo(5);
        // A sum of about a thousand exponentials in double precision, of logits in single precision.
        assertThat(predictions.loss()).isCloseTo(loss / 5, within(1e-6));
        assertThat(predictions.accuracy()).isGreaterThanOrEqualTo(.4);
        assertThat(predictions.answers()).isEmpty();
    }

    private static float[] logits(int[] tokens, int position) {
        try (ForwardPass pass = Forward.run(model, tokens)) {
            return pass.logits(position);
        }
    }

    private static int[] append(int[] tokens, int next) {
        int[] longer = java.util.Arrays.copyOf(tokens, tokens.length + 1);
        longer[tokens.length] = next;
        return longer;
    }
}
