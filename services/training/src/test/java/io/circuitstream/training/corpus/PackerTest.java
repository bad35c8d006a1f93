package io.circuitstream.training.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.training.checkpoint.ResumableRandom;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackerTest {
    private static final Vocabulary VOCABULARY = Vocabulary.load();
    private static final Line SUM = new Line(VOCABULARY.encode("calc : 3 6 + 5 9 ="), VOCABULARY.encode("0 9 5"), true);
    private static final LineSource CORPUS = new CorpusLines(Corpus.load(), VOCABULARY);

    @Test
    void shouldPredictTheNextTokenWhenPacked() {
        PackedBatch batch = new PackedBatch(1, 16);
        assertThat(batch.add(SUM)).isTrue();

        int[] text = VOCABULARY.encode("calc : 3 6 + 5 9 = 0 9 5");
        assertThat(batch.tokens()[0]).isEqualTo(Vocabulary.BEGIN);
        for (int i = 0; i < text.length; i++) {
            assertThat(batch.targets()[i]).isEqualTo(text[i]);
            assertThat(batch.tokens()[i + 1]).isEqualTo(text[i]);
            assertThat(batch.isAnswer(i)).as("position " + i).isEqualTo(i >= 8);
        }
        assertThat(batch.targets()[text.length]).isEqualTo(Vocabulary.END);
        assertThat(batch.isAnswer(text.length)).isFalse();
        assertThat(batch.isText(text.length + 1)).isFalse();
    }

    @Test
    void shouldHideOtherExamplesAndTheFutureWhenMasking() {
        PackedBatch batch = new PackedBatch(1, 24);
        assertThat(batch.add(SUM)).isTrue();
        assertThat(batch.add(SUM)).isTrue();
        assertThat(batch.add(SUM)).as("the row is full").isFalse();
        float[] mask = batch.mask();

        assertThat(mask[12 * 24 + 11]).as("second example sees first").isLessThan(-1e8f);
        assertThat(mask[13 * 24 + 12]).as("second example sees its own past").isZero();
        assertThat(mask[5 * 24 + 6]).as("future").isLessThan(-1e8f);
        assertThat(mask[5 * 24 + 5]).as("itself").isZero();
    }

    @Test
    void shouldUseEveryDrawnExampleOnceWhenBatchesFollowEachOther() {
        // Given: what the packer draws, drawn by hand
        Random random = new Random(4);
        Packer packer = new Packer(4, 48);
        long ends = 0;
        long tokens = 0;

        // When
        for (int i = 0; i < 50; i++) {
            PackedBatch batch = packer.next(CORPUS, random);
            tokens += batch.textTokens();
            for (int at = 0; at < batch.size(); at++) {
                ends += batch.isText(at) && batch.targets()[at] == Vocabulary.END ? 1 : 0;
            }
        }

        // Then: rows are well filled, and each example is complete
        assertThat(tokens / (50.0 * 4 * 48)).isGreaterThan(.9);
        assertThat(ends).isBetween(50L * 4 * 48 / 25, 50L * 4 * 48 / 8);
    }

    @Test
    void shouldPackTheSameBatchesWhenAnotherPackerGoesOn() {
        // Given: a packer in the middle, with examples that did not fit
        ResumableRandom random = new ResumableRandom(4);
        Packer packer = new Packer(4, 48);
        for (int i = 0; i < 5; i++) {
            packer.next(CORPUS, random);
        }
        assertThat(packer.waiting()).isNotEmpty();
        ResumableRandom otherRandom = new ResumableRandom(0);
        Packer other = new Packer(4, 48);
        other.next(CORPUS, otherRandom);

        // When
        otherRandom.restore(random.state());
        other.restore(packer.waiting());

        // Then
        for (int i = 0; i < 5; i++) {
            assertThat(other.next(CORPUS, otherRandom).tokens())
                    .isEqualTo(packer.next(CORPUS, random).tokens());
        }
    }

    @Test
    void shouldPredictNoEndWhenTheTextGoesOnAfterTheRow() {
        PackedBatch batch = new PackedBatch(1, 3);

        assertThat(batch.add(new Line(new int[] {7, 8}, new int[] {9}, false))).isTrue();

        assertThat(batch.tokens()).containsExactly(Vocabulary.BEGIN, 7, 8);
        assertThat(batch.targets()).containsExactly(7, 8, 9);
        assertThat(batch.isAnswer(1)).isFalse();
        assertThat(batch.isAnswer(2)).isTrue();
    }

    @Test
    void shouldRefuseLineWhenLongerThanARow() {
        Packer packer = new Packer(2, 4);

        assertThatThrownBy(() -> packer.next(CORPUS, new Random(4))).hasMessageContaining("longer than a row of 4");
    }
}
