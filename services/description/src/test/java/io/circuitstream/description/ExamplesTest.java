package io.circuitstream.description;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.circuits.model.ModelConfig;
import io.circuitstream.circuits.model.Tokens;
import io.circuitstream.description.shares.PromptShare;
import io.circuitstream.description.state.FeatureStates;
import io.circuitstream.description.state.MemoryState;
import io.circuitstream.events.Columns;
import io.circuitstream.events.FeatureExample;
import io.circuitstream.events.FeatureQuantile;
import io.circuitstream.events.TokenCount;
import io.circuitstream.platform.serde.EventClasses;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ExamplesTest {
    private static final Path MODEL = Path.of("../../models/tiny-ten");
    private static final Comparator<Seen> MOST_ACTIVE =
            Comparator.comparing(Seen::peak).reversed();

    private static Tokens tokens;

    /** A prompt of two tokens, the feature active on the second. */
    private record Seen(long hash, float peak, int token) {
        PromptShare share() {
            int[] zero = {0};
            return new PromptShare(hash, new int[] {0, token}, 1, 9, zero, zero, new int[] {1}, new float[] {peak});
        }
    }

    @BeforeAll
    static void read() {
        EventClasses.trust();
        tokens = Tokens.read(MODEL, ModelConfig.read(MODEL));
    }

    @AfterAll
    static void close() {
        tokens.close();
    }

    /** Hashes and peaks in orders that have nothing to do with each other: 37 and 11 have no divisor in common with 83. */
    private static List<Seen> seen(int count, int differentTokens) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Seen(37 * i % 83, 1 + 11 * i % 83, 10 + i % differentTokens))
                .toList();
    }

    private static FeatureStates states(List<Seen> seen) {
        return new MemoryState("scan")
                .add(seen.stream().map(Seen::share).toList())
                .states();
    }

    private static List<Float> peaks(FeatureQuantile quantile) {
        return quantile.getExamples().stream()
                .map(FeatureExample::getActivations)
                .map(a -> Columns.floats(a)[1])
                .toList();
    }

    private static List<Float> peaks(List<Seen> seen) {
        return seen.stream().map(Seen::peak).toList();
    }

    @Test
    void shouldShowTheTenMostActiveAndFiveOfEachFifthDrawnByHash() {
        List<Seen> all = new ArrayList<>(seen(28, 5));

        List<FeatureQuantile> quantiles =
                new Examples(tokens).quantiles(states(all).contexts(0, 0));

        all.sort(MOST_ACTIVE);
        assertThat(quantiles)
                .extracting(FeatureQuantile::getName)
                .containsExactly(
                        "Top activations",
                        "Subsample Interval 0",
                        "Subsample Interval 1",
                        "Subsample Interval 2",
                        "Subsample Interval 3",
                        "Subsample Interval 4");
        assertThat(peaks(quantiles.get(0))).isEqualTo(peaks(all.subList(0, 10)));
        int[] borders = {0, 5, 11, 16, 22, 28};
        for (int i = 0; i < 5; i++) {
            List<Seen> fifth = new ArrayList<>(all.subList(borders[i], borders[i + 1]));
            fifth.sort(Comparator.comparing(Seen::hash));
            List<Seen> drawn = new ArrayList<>(fifth.subList(0, 5));
            drawn.sort(MOST_ACTIVE);
            assertThat(peaks(quantiles.get(1 + i))).as("interval %d", i).isEqualTo(peaks(drawn));
        }
    }

    @Test
    void shouldNameTheMostFrequentPeakTokenFirst() {
        List<Seen> all = seen(7, 3);
        FeatureStates states = states(all);

        List<TokenCount> peaks = new Examples(tokens).peaks(states.counts(0, 0).peaks(), states.contexts(0, 0));

        assertThat(peaks)
                .extracting(TokenCount::getToken)
                .containsExactly(tokens.token(10), tokens.token(11), tokens.token(12));
        assertThat(peaks).extracting(TokenCount::getCount).containsExactly(3L, 2L, 2L);
    }

    /** More different tokens than are counted: the 64 prompts with the smallest hashes stand for all. */
    @Test
    void shouldCountTheSamplesPeakTokensWhenThereAreTooManyDifferentOnes() {
        List<Seen> all = new ArrayList<>(seen(83, 70));
        FeatureStates states = states(all);

        List<TokenCount> peaks = new Examples(tokens).peaks(states.counts(0, 0).peaks(), states.contexts(0, 0));

        all.sort(Comparator.comparing(Seen::hash));
        Map<String, Long> expected = all.subList(0, 64).stream()
                .collect(Collectors.groupingBy(s -> tokens.token(s.token()), Collectors.counting()));
        assertThat(peaks.stream().collect(Collectors.toMap(TokenCount::getToken, TokenCount::getCount)))
                .isEqualTo(expected);
        assertThat(peaks).extracting(TokenCount::getCount).isSortedAccordingTo(Comparator.reverseOrder());
    }
}
