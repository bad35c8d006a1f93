package io.circuitstream.description.shares;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.description.Inferences;
import io.circuitstream.events.Columns;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.LabelSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SharesTest {
    private static final InferenceCompleted INFERENCE = Inferences.of("scan", 1, 7, 12, 33, 7, 20, 9);

    @Test
    void shouldGiveEveryActivationToTheOwnerOfItsFeatureWhenSplit() {
        Shares shares = new Shares(3);

        List<PromptShare> split = shares.split(INFERENCE);

        Map<String, Float> found = new TreeMap<>();
        for (int s = 0; s < 3; s++) {
            PromptShare share = split.get(s);
            assertThat(share.count()).isPositive();
            assertThat(share.tokens()).containsExactly(1, 7, 12, 33, 7, 20, 9);
            assertThat(share.openTokens()).isEqualTo(6);
            assertThat(share.next()).isEqualTo(INFERENCE.getTopLogits().get(0).getId());
            for (int i = 0; i < share.count(); i++) {
                assertThat(shares.of(share.layer()[i], share.feature()[i])).isEqualTo(s);
                found.put(
                        share.layer()[i] + " " + share.position()[i] + " " + share.feature()[i], share.activation()[i]);
            }
        }
        assertThat(found).isEqualTo(activations(INFERENCE));
    }

    private static Map<String, Float> activations(InferenceCompleted inference) {
        int[] layer = Columns.ints(inference.getFeatureLayer());
        int[] position = Columns.ints(inference.getFeaturePosition());
        int[] feature = Columns.ints(inference.getFeatureIndex());
        float[] activation = Columns.floats(inference.getFeatureActivation());
        Map<String, Float> all = new TreeMap<>();
        for (int i = 0; i < layer.length; i++) {
            all.put(layer[i] + " " + position[i] + " " + feature[i], activation[i]);
        }
        return all;
    }

    @Test
    void shouldHaveEachFeatureInOneRunWithPositionsAscendingWhenSplit() {
        PromptShare share = new Shares(1).split(INFERENCE).get(0);

        List<String> runs = new ArrayList<>();
        for (int from = 0; from < share.count(); from = share.runEnd(from)) {
            runs.add(share.layer()[from] + "/" + share.feature()[from]);
            for (int i = from + 1; i < share.runEnd(from); i++) {
                assertThat(share.position()[i]).isGreaterThan(share.position()[i - 1]);
            }
        }

        assertThat(runs).doesNotHaveDuplicates().hasSizeGreaterThan(20);
    }

    @Test
    void shouldTellPromptsApartByTheirTokensWhenHashed() {
        assertThat(Shares.hash(new int[] {1, 2})).isEqualTo(Shares.hash(new int[] {1, 2}));
        assertThat(Shares.hash(new int[] {1, 2})).isNotEqualTo(Shares.hash(new int[] {2, 1}));
        assertThat(Shares.hash(new int[] {1, 2})).isNotEqualTo(Shares.hash(new int[] {1, 2, 0}));
    }

    @Test
    void shouldKeepOnlyTheBeginningWhenAPromptIsLong() {
        PromptShare share = new Shares(1).split(INFERENCE).get(0);

        PromptShare head = share.head(4);

        assertThat(head.tokens()).containsExactly(1, 7, 12, 33);
        assertThat(head.next()).isEqualTo(7);
        assertThat(head.prompt()).isEqualTo(share.prompt());
        assertThat(Arrays.stream(head.position())).isNotEmpty().allMatch(p -> p < 4);
        assertThat(share.head(7)).isSameAs(share);
    }

    @Test
    void shouldReadWhatItWroteWhenEncoded() {
        for (PromptShare share : new Shares(4).split(INFERENCE)) {
            byte[] bytes = ShareCodec.encode(share);

            assertThat(ShareCodec.decode(bytes)).usingRecursiveComparison().isEqualTo(share);
        }
        LabelShare label = new LabelShare(3, 70_000, LabelSource.PERSON, "sagt “Öl”", "me", 1_700_000_000_123L);
        assertThat(ShareCodec.decode(ShareCodec.encode(label))).isEqualTo(label);
    }

    @Test
    void shouldRefuseBytesThatAreNoShare() {
        byte[] bytes = ShareCodec.encode(new Shares(1).split(INFERENCE).get(0));

        assertThatThrownBy(() -> ShareCodec.decode(new byte[] {9})).hasMessageContaining("kind 9");
        assertThatThrownBy(() -> ShareCodec.decode(Arrays.copyOf(bytes, bytes.length - 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ShareCodec.decode(Arrays.copyOf(bytes, bytes.length + 1)))
                .hasMessageContaining("left over");
    }
}
