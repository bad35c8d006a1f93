package io.circuitstream.training.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CorpusTest {
    private static final Corpus CORPUS = Corpus.load();
    private static final Vocabulary VOCABULARY = Vocabulary.load();

    @Test
    void shouldDrawTheSameExamplesWhenSeedIsTheSame() {
        assertThat(draw(5, 500)).isEqualTo(draw(5, 500)).isNotEqualTo(draw(6, 500));
    }

    @ParameterizedTest
    @EnumSource(Task.class)
    void shouldShareNoPromptBetweenSplitsWhenDrawingEach(Task task) {
        Set<String> trained = prompts(task, Split.TRAIN);
        Set<String> development = prompts(task, Split.DEVELOPMENT);
        Set<String> test = prompts(task, Split.TEST);

        assertThat(trained).isNotEmpty().doesNotContainAnyElementsOf(development);
        assertThat(trained).doesNotContainAnyElementsOf(test);
        assertThat(development).isNotEmpty().doesNotContainAnyElementsOf(test);
        assertThat(test).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(Task.class)
    void shouldKnowEveryWordWhenAnyExampleIsDrawn(Task task) {
        Random random = new Random(3);
        for (Split split : Split.values()) {
            for (int i = 0; i < 1000; i++) {
                Example example = CORPUS.draw(task, split, random);
                assertThat(VOCABULARY.encode(example.prompt() + " " + example.answer()))
                        .as(example.prompt())
                        .doesNotContain(Vocabulary.UNKNOWN);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Task.class)
    void shouldListTheSameHeldOutExamplesWhenAskedTwice(Task task) {
        List<Example> listed = CORPUS.heldOut(task, Split.TEST, 20);

        assertThat(listed)
                .hasSizeBetween(10, 20)
                .doesNotHaveDuplicates()
                .isEqualTo(CORPUS.heldOut(task, Split.TEST, 20))
                .allMatch(example -> CORPUS.splitOf(example) == Split.TEST);
    }

    @Test
    void shouldHoldOutTheShowcasePromptWhenSplitting() {
        Example dallas = Example.keyed(
                Task.TWO_HOP, "dallas/capital", "fact : the capital of the state containing dallas is", "austin");

        assertThat(CORPUS.heldOut(Task.TWO_HOP, Split.TEST, 500)).contains(dallas);
    }

    @Test
    void shouldUseEveryTestKeyWhenListed() {
        Random random = new Random(9);
        Set<String> drawn = new HashSet<>();
        for (Task task : Task.values()) {
            for (int i = 0; i < 20_000; i++) {
                drawn.add(CORPUS.draw(task, Split.TEST, random).key());
            }
        }

        // A misspelt key would hold nothing out. Spelled keys and problems are too many to draw each.
        assertThat(WordLists.load().testKeys())
                .filteredOn(key -> !key.startsWith("spelled-key") && !key.startsWith("chain-of-thought"))
                .hasSize(8)
                .allSatisfy(key -> assertThat(drawn).contains(key));
    }

    @Test
    void shouldLetThreeSymptomsDecideWhenDiseasesOverlap() {
        List<List<String>> diseases = WordLists.columns(WordLists.load().diseases());
        for (List<String> one : diseases) {
            for (List<String> other : diseases) {
                if (one != other) {
                    Set<String> shared = new HashSet<>(one);
                    shared.retainAll(other);
                    assertThat(shared).as(one + " and " + other).hasSizeLessThanOrEqualTo(2);
                }
            }
        }
    }

    @Test
    void shouldMixTasksByTheirSharesWhenDrawingTraining() {
        List<Example> drawn = draw(1, 20_000);
        for (Task task : Task.values()) {
            double share = drawn.stream().filter(e -> e.task() == task).count() / (double) drawn.size();
            assertThat(share).as(task.id()).isCloseTo(task.share(), within(.01));
        }
        assertThat(Arrays.stream(Task.values()).mapToDouble(Task::share).sum()).isCloseTo(1, within(1e-9));
    }

    @Test
    void shouldHaveTheSameVersionWhenLoadedAgain() {
        assertThat(CORPUS.version())
                .matches("[0-9a-f]{16}")
                .isEqualTo(Corpus.load().version());
        assertThat(VOCABULARY.version())
                .matches("[0-9a-f]{16}")
                .isEqualTo(Vocabulary.load().version())
                .isNotEqualTo(CORPUS.version());
    }

    private static List<Example> draw(long seed, int count) {
        Random random = new Random(seed);
        List<Example> drawn = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            drawn.add(CORPUS.drawTraining(random));
        }
        return drawn;
    }

    private static Set<String> prompts(Task task, Split split) {
        Random random = new Random(2);
        Set<String> prompts = new HashSet<>();
        for (int i = 0; i < 3000; i++) {
            prompts.add(CORPUS.draw(task, split, random).prompt());
        }
        return prompts;
    }
}
