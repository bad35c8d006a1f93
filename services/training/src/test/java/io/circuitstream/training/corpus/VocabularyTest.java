package io.circuitstream.training.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VocabularyTest {

    @Test
    void shouldListFrequentWordsFirstWhenMadeFromTexts() {
        Vocabulary vocabulary = Vocabulary.of(Stream.of("b a b <bos>", "c b a", ""), 100);

        assertThat(vocabulary.words()).containsExactly("<unk>", "<bos>", "<eos>", "<pad>", "b", "a", "c");
        assertThat(vocabulary.encode("c x b")).containsExactly(6, Vocabulary.UNKNOWN, 4);
    }

    @Test
    void shouldLeaveRareWordsUnknownWhenTheLimitIsReached() {
        Vocabulary vocabulary = Vocabulary.of(Stream.of("z z y y x"), 6);

        assertThat(vocabulary.words()).endsWith("y", "z").hasSize(6);
        assertThat(vocabulary.encode("x")).containsExactly(Vocabulary.UNKNOWN);
    }

    @Test
    void shouldRefuseWhenThereIsNoRoomForAWord() {
        assertThatThrownBy(() -> Vocabulary.of(Stream.of("a"), 4)).hasMessageContaining("has no room for a word");
    }
}
