package io.circuitstream.training.hypotheses;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import io.circuitstream.training.corpus.Task;
import io.circuitstream.training.hypotheses.Hypothesis.Expectation;
import io.circuitstream.training.hypotheses.HypothesisResult.Verdict;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HypothesisTrialTest {
    private static final Path MODEL = Path.of("../../models/tiny-ten");

    private static HypothesisResult run(Hypothesis hypothesis) {
        try (LanguageModel model = LanguageModel.load(MODEL);
                Transcoder transcoder = TranscoderFiles.load(MODEL.resolve("clt"))) {
            return new HypothesisTrial(model, transcoder).run(hypothesis);
        }
    }

    private static Hypothesis named(String name) {
        return Hypothesis.load().stream()
                .filter(h -> h.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Hypothesis at(Hypothesis h, List<Integer> positions, Expectation expectation) {
        return new Hypothesis(
                h.task(), h.name(), h.claim(), h.intervention(), expectation, positions, h.layers(), h.cases());
    }

    @Test
    void shouldFlipRefusalsAndNotByRandomDirectionsWhenTheConjunctionIsReplaced() {
        HypothesisResult result = run(named("conjunction"));

        assertThat(result.verdict()).isEqualTo(Verdict.CONFIRMED);
        assertThat(result.measured()).isEqualTo("use");
        assertThat(result.control()).isEqualTo("sorry");
        assertThat(result.flipped()).isTrue();
        assertThat(result.asPredicted()).isEqualTo(result.cases());
        assertThat(result.controls()).isEqualTo(5 * result.cases());
        assertThat(result.features()).isPositive();
        assertThat(result.outcomes()).hasSize(result.cases());
        assertThat(result.outcomes())
                .allSatisfy(outcome -> assertThat(outcome.clean()).isEqualTo("sorry"));
    }

    /** Nothing is known of the pair before its second word. */
    @Test
    void shouldRefuteWhenFeaturesAreReplacedWhereNoneDiffer() {
        HypothesisResult result = run(at(named("conjunction"), List.of(-6), Expectation.FLIPS));

        assertThat(result.features()).isZero();
        assertThat(result.asPredicted()).isZero();
        assertThat(result.flipped()).isFalse();
        assertThat(result.verdict()).isEqualTo(Verdict.REFUTED);
    }

    @Test
    void shouldNotCountAnAnswerThatWasExpectedBeforeWhenItIsToFlip() {
        HypothesisResult stays = run(named("faithful"));
        HypothesisResult flips = run(at(named("faithful"), named("faithful").positions(), Expectation.FLIPS));

        assertThat(stays.asPredicted()).isEqualTo(stays.cases());
        assertThat(flips.asPredicted()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        ".75, .1, CONFIRMED",
        ".74, .1, INCONCLUSIVE",
        "1, .11, INCONCLUSIVE",
        ".25, 0, REFUTED",
        ".26, 0, INCONCLUSIVE"
    })
    void shouldWeighAnswersAndControlsWhenAVerdictIsGiven(double asPredicted, double moved, Verdict verdict) {
        assertThat(HypothesisResult.verdict(asPredicted, moved)).isEqualTo(verdict);
    }

    @Test
    void shouldFillEveryNameWithEveryWordWhenPromptsAreTemplates() {
        Prompts prompts = new Prompts(
                List.of("as it is"), List.of("{a} of {b}"), Map.of("a", List.of("x", "y"), "b", List.of("p", "q")));
        assertThat(prompts.all()).containsExactlyInAnyOrder("as it is", "x of p", "x of q", "y of p", "y of q");
    }

    @Test
    void shouldHaveAHypothesisForEveryTaskInWordsThatTheModelKnows() {
        List<Hypothesis> all = Hypothesis.load();
        assertThat(all)
                .extracting(Hypothesis::task)
                .containsAll(Arrays.stream(Task.values())
                        .filter(task -> task != Task.COPYING)
                        .map(Task::id)
                        .toList());
        try (LanguageModel model = LanguageModel.load(MODEL)) {
            for (Hypothesis hypothesis : all) {
                for (Hypothesis.Case one : hypothesis.cases()) {
                    for (Prompts prompts : List.of(one.from(), one.to())) {
                        assertThat(prompts.all()).isNotEmpty().allSatisfy(prompt -> assertThat(
                                        model.tokens().encode(prompt).warnings())
                                .as(prompt)
                                .isEmpty());
                    }
                }
            }
        }
    }
}
