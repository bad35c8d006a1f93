package io.circuitstream.training.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.training.checkpoint.ResumableRandom;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackerTest {
    private static final Vocabulary VOCABULARY = Vocabulary.load();
    private static final Example SUM = Example.keyed(Task.ADDITION, "36+59", "calc : 3 6 + 5 9 =", "0 9 5");

    @Test
    void shouldPredictTheNextTokenWhenPacked() {
        PackedBatch batch = PackedBatch.of(List.of(SUM), VOCABULARY, 1, 16).get(0);

        int[] text = VOCABULARY.encode("calc : 3 6 + 5 9 = 0 9 5");
        assertThat(batch.tokens()[0]).isEqualTo(Vocabulary.BEGIN);
        for (int i = 0; i < text.length; i++) {
            assertThat(batch.targets()[i]).isEqualTo(text[i]);
            assertThat(batch.tokens()[i + 1]).isEqualTo(text[i]);
            assertThat(batch.isAnswer(i)).as("position " + i).isEqualTo(i >= 8);
        }
        assertThat(batch.targets()[text.length]).isEqualTo(Vocabulary.END);
        assertThat(batch.isLast(text.length)).isTrue();
        assertThat(batch.isAnswer(text.length)).isFalse();
        assertThat(batch.isText(text.length + 1)).isFalse();
    }

    @Test
    void shouldHideOtherExamplesAndTheFutureWhenMasking() {
        PackedBatch batch = PackedBatch.of(List.of(SUM, SUM), VOCABULARY, 1, 24).get(0);
        float[] mask = batch.mask();

        assertThat(mask[12 * 24 + 11]).as("second example sees first").isLessThan(-1e8f);
        assertThat(mask[13 * 24 + 12]).as("second example sees its own past").isZero();
        assertThat(mask[5 * 24 + 6]).as("future").isLessThan(-1e8f);
        assertThat(mask[5 * 24 + 5]).as("itself").isZero();
    }

    @Test
    void shouldUseEveryDrawnExampleOnceWhenBatchesFollowEachOther() {
        // Given: what the packer draws, drawn by hand
        Corpus corpus = Corpus.load();
        Random random = new Random(4);
        Packer packer = new Packer(VOCABULARY, 4, 48);
        long ends = 0;
        long tokens = 0;

        // When
        for (int i = 0; i < 50; i++) {
            PackedBatch batch = packer.next(corpus, random);
            tokens += batch.textTokens();
            for (int at = 0; at < batch.size(); at++) {
                ends += batch.isLast(at) ? 1 : 0;
            }
        }

        // Then: rows are well filled, and each example is complete
        assertThat(tokens / (50.0 * 4 * 48)).isGreaterThan(.9);
        assertThat(ends).isBetween(50L * 4 * 48 / 25, 50L * 4 * 48 / 8);
    }

    @Test
    void shouldPackTheSameBatchesWhenAnotherPackerGoesOn() {
        // Given: a packer in the middle, with examples that did not fit
        Corpus corpus = Corpus.load();
        ResumableRandom random = new ResumableRandom(4);
        Packer packer = new Packer(VOCABULARY, 4, 48);
        for (int i = 0; i < 5; i++) {
            packer.next(corpus, random);
        }
        assertThat(packer.waiting()).isNotEmpty();
        ResumableRandom otherRandom = new ResumableRandom(0);
        Packer other = new Packer(VOCABULARY, 4, 48);
        other.next(corpus, otherRandom);

        // When
        otherRandom.restore(random.state());
        other.restore(packer.waiting());

        // Then
        for (int i = 0; i < 5; i++) {
            assertThat(other.next(corpus, otherRandom).tokens())
                    .isEqualTo(packer.next(corpus, random).tokens());
        }
    }

    @Test
    void shouldRefuseExampleWhenLongerThanARow() {
        assertThatThrownBy(() -> PackedBatch.of(List.of(SUM), VOCABULARY, 1, 8))
                .hasMessageContaining("longer than a row");
    }
}
