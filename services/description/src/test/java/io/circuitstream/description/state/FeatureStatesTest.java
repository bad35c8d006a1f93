package io.circuitstream.description.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.circuits.TinyModels;
import io.circuitstream.description.Inferences;
import io.circuitstream.description.shares.PromptShare;
import io.circuitstream.description.shares.Shares;
import io.circuitstream.events.InferenceCompleted;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FeatureStatesTest {
    private static final List<PromptShare> PROMPTS = shares(Inferences.random("scan", 900, 5));

    private static List<PromptShare> shares(List<InferenceCompleted> inferences) {
        return inferences.stream()
                .map(inference -> new Shares(1).split(inference).get(0))
                .toList();
    }

    @Test
    void shouldHoldTheSameBytesWhenPromptsComeInAnotherOrder() {
        MemoryState first = new MemoryState("scan").add(PROMPTS);
        List<PromptShare> shuffled = new ArrayList<>(PROMPTS);
        Collections.shuffle(shuffled, new Random(9));

        assertThat(new MemoryState("scan").add(shuffled).dump()).isEqualTo(first.dump());
    }

    @Test
    void shouldHoldTheSameBytesWhenItIsReadAgainOnTheWay() {
        MemoryState whole = new MemoryState("scan").add(PROMPTS);
        MemoryState interrupted = new MemoryState("scan");
        for (int i = 0; i < PROMPTS.size(); i += 100) {
            interrupted.add(PROMPTS.subList(i, i + 100)).reopen();
        }

        assertThat(interrupted.dump()).isEqualTo(whole.dump());
    }

    @Test
    void shouldEqualARecomputationOverAllPromptsAtOnce() {
        FeatureStates states = new MemoryState("scan").add(PROMPTS).states();
        int compared = 0;
        for (int layer = 0; layer < TinyModels.LAYERS; layer++) {
            for (int feature = 0; feature < TinyModels.FEATURES; feature++) {
                Batch batch = Batch.of(PROMPTS, layer, feature);
                FeatureCounts counts = states.counts(layer, feature);
                if (batch.activations.isEmpty()) {
                    assertThat(counts).isNull();
                    continue;
                }
                compared++;
                assertThat(counts.tokens()).isEqualTo(batch.activations.size());
                assertThat(counts.prompts()).isEqualTo(batch.prompts);
                assertThat(counts.min()).isEqualTo(Collections.min(batch.activations));
                assertThat(counts.max()).isEqualTo(Collections.max(batch.activations));
                assertThat(map(counts.histogram()))
                        .isEqualTo(counted(batch.activations.stream()
                                .map(FeatureCounts::bin)
                                .toList()));
                assertThat(map(counts.positions())).isEqualTo(counted(batch.positions));
                assertThat(map(counts.peaks())).isEqualTo(counted(batch.peaks));
                Contexts contexts = states.contexts(layer, feature);
                assertThat(keys(contexts.top()))
                        .isEqualTo(batch.best(
                                Contexts.TOP,
                                Comparator.comparing((Map.Entry<Long, Float> e) -> -e.getValue())
                                        .thenComparing(Map.Entry::getKey, Long::compareUnsigned)));
                assertThat(keys(contexts.sample()))
                        .isEqualTo(batch.best(
                                Contexts.SAMPLE, Comparator.comparing(Map.Entry::getKey, Long::compareUnsigned)));
            }
        }
        assertThat(compared).isGreaterThan(60);
        assertThat(states.background().prompts()).isEqualTo(PROMPTS.size());
        assertThat(states.background().tokens())
                .isEqualTo(PROMPTS.stream().mapToLong(PromptShare::openTokens).sum());
        assertThat(states.background().sample())
                .extracting(PromptShare::prompt)
                .containsExactlyElementsOf(PROMPTS.stream()
                        .map(PromptShare::prompt)
                        .distinct()
                        .sorted(Long::compareUnsigned)
                        .limit(Background.PROMPTS)
                        .toList());
    }

    /** What a loop over everything says of one feature. */
    private static final class Batch {
        final List<Float> activations = new ArrayList<>();
        final List<Integer> positions = new ArrayList<>();
        final List<Integer> peaks = new ArrayList<>();
        final Map<Long, Float> contexts = new LinkedHashMap<>();
        int prompts;

        static Batch of(List<PromptShare> shares, int layer, int feature) {
            Batch batch = new Batch();
            for (PromptShare share : shares) {
                float peak = Float.NEGATIVE_INFINITY;
                int token = -1;
                for (int i = 0; i < share.count(); i++) {
                    if (share.layer()[i] == layer && share.feature()[i] == feature) {
                        batch.activations.add(share.activation()[i]);
                        batch.positions.add(share.position()[i]);
                        if (share.activation()[i] > peak) {
                            peak = share.activation()[i];
                            token = share.tokens()[share.position()[i]];
                        }
                    }
                }
                if (token >= 0) {
                    batch.prompts++;
                    batch.peaks.add(token);
                    batch.contexts.put(share.prompt(), peak);
                }
            }
            return batch;
        }

        List<Map.Entry<Long, Float>> best(int most, Comparator<Map.Entry<Long, Float>> order) {
            return contexts.entrySet().stream().sorted(order).limit(most).toList();
        }
    }

    private static List<Map.Entry<Long, Float>> keys(List<Context> contexts) {
        return contexts.stream().map(c -> Map.entry(c.prompt(), c.peak())).toList();
    }

    private static Map<Integer, Long> counted(List<Integer> values) {
        return values.stream().collect(Collectors.groupingBy(v -> v, TreeMap::new, Collectors.counting()));
    }

    private static Map<Integer, Long> map(CountMap counts) {
        Map<Integer, Long> map = new TreeMap<>();
        for (int i = 0; i < counts.size(); i++) {
            map.put(counts.key(i), counts.count(i));
        }
        return map;
    }

    @Test
    void shouldCountARepeatedPromptButKeepItOnceWhenItComesAgain() {
        PromptShare share = PROMPTS.get(0);

        FeatureStates states =
                new MemoryState("scan").add(List.of(share, share, share)).states();

        int layer = share.layer()[0];
        int feature = share.feature()[0];
        assertThat(states.counts(layer, feature).prompts()).isEqualTo(3);
        assertThat(states.contexts(layer, feature).top()).hasSize(1);
        assertThat(states.contexts(layer, feature).sample()).hasSize(1);
        assertThat(states.background().sample()).hasSize(1);
        assertThat(states.background().prompts()).isEqualTo(3);
    }

    private static PromptShare repeated(float... activations) {
        int n = activations.length;
        int[] positions = new int[n];
        java.util.Arrays.setAll(positions, i -> i + 1);
        return new PromptShare(5, new int[] {1, 7, 12, 33}, 1, 9, new int[n], new int[n], positions, activations);
    }

    @Test
    void shouldKeepTheHighestWhenAPromptComesWithOtherActivations() {
        for (List<PromptShare> order : List.of(
                List.of(repeated(1), repeated(3), repeated(2)), List.of(repeated(3), repeated(2), repeated(1)))) {
            Contexts contexts = new MemoryState("scan").add(order).states().contexts(0, 0);

            assertThat(contexts.top()).extracting(Context::peak).containsExactly(3f);
            assertThat(contexts.sample()).extracting(Context::peak).containsExactly(3f);
        }
    }

    @Test
    void shouldHoldTheSameBytesWhenAPromptComesWithTheSamePeakAndOtherActivationsBesideIt() {
        List<PromptShare> shares = List.of(repeated(3, 1), repeated(3, 2), repeated(3));
        Map<String, String> first = new MemoryState("scan").add(shares).dump("contexts");

        for (int[] order : new int[][] {{0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}) {
            MemoryState other = new MemoryState("scan");
            for (int i : order) {
                other.add(List.of(shares.get(i)));
            }
            assertThat(other.dump("contexts")).isEqualTo(first);
        }
    }

    /** As the background's prompts are split: a label must not be scored on what it was found on. */
    @Test
    void shouldHoldOutAPromptWhenItsHashIsOdd() {
        assertThat(new Context(3, 1, new byte[0]).isHeldOut()).isTrue();
        assertThat(new Context(-2, 1, new byte[0]).isHeldOut()).isFalse();
    }

    @Test
    void shouldShowTheTokensAroundThePeakWhenAPromptIsLong() {
        int[] tokens = new int[200];
        java.util.Arrays.setAll(tokens, i -> i);
        PromptShare share = new PromptShare(
                1, tokens, 1, 77, new int[] {0, 0}, new int[] {0, 0}, new int[] {150, 160}, new float[] {2, 1});

        Window window = Window.of(Window.of(share, 0, 2).toBytes());

        assertThat(window.tokens()).hasSize(Window.LENGTH);
        assertThat(window.tokens()[window.peak()]).isEqualTo(150);
        assertThat(window.start()).isEqualTo(window.tokens()[0]);
        assertThat(window.activations()[window.peak()]).isEqualTo(2);
        assertThat(window.activations()[window.peak() + 10]).isEqualTo(1);
        assertThat(window.masked()).isZero();
        assertThat(window.next()).isEqualTo(window.tokens()[Window.LENGTH - 1] + 1);
    }

    @Test
    void shouldKeepTheSameKeysWithTheirWholeCountsWhenThereAreMoreThanTheLimit() {
        List<Integer> keys = new ArrayList<>();
        for (int key = 0; key < 300; key++) {
            keys.addAll(Collections.nCopies(1 + key % 5, key));
        }
        Map<Integer, Long> all = counted(keys);
        Map<Integer, Long> first = null;
        for (int order = 0; order < 5; order++) {
            Collections.shuffle(keys, new Random(order));
            CountMap counts = new CountMap(20);
            keys.forEach(key -> counts.add(key, 1));

            assertThat(counts.size()).isEqualTo(20);
            assertThat(counts.isIncomplete()).isTrue();
            assertThat(all).containsAllEntriesOf(map(counts));
            first = first == null ? map(counts) : first;
            assertThat(map(counts)).isEqualTo(first);
        }
    }

    @Test
    void shouldPutAPositionIntoTheRangeThatBeginsAtOrBeforeIt() {
        for (int position : new int[] {0, 1, 63, 64, 127, 128, 1000, 1 << 20}) {
            int bin = FeatureCounts.positionBin(position);
            assertThat(FeatureCounts.positionStart(bin)).isLessThanOrEqualTo(position);
            assertThat(FeatureCounts.positionStart(bin + 1)).isGreaterThan(position);
        }
    }

    @Test
    void shouldPutAnActivationIntoTheBinThatBeginsAtOrBelowIt() {
        for (float activation : new float[] {1e-6f, .1f, .99999f, 1f, 1.1f, 7.3f, 400f}) {
            int bin = FeatureCounts.bin(activation);
            assertThat(FeatureCounts.binStart(bin)).isLessThanOrEqualTo(activation);
            assertThat(FeatureCounts.binStart(bin + 1)).isGreaterThan(activation);
        }
    }

    @Test
    void shouldPutNegativeAndVanishingActivationsIntoTheLowestBin() {
        assertThat(FeatureCounts.bin(-3))
                .isEqualTo(FeatureCounts.bin(0))
                .isEqualTo(FeatureCounts.bin(0x1p-120f))
                .isLessThan(FeatureCounts.bin(0x1p-99f));
    }
}
