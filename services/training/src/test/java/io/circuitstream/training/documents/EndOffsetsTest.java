package io.circuitstream.training.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndOffsetsTest {
    @Test
    void shouldBeTheSameWhenReadFromWhatWasWritten() {
        EndOffsets ends = new EndOffsets(Map.of(10, 7L, 1, 118L, 0, 120L));

        assertThat(ends).hasToString("0:120,1:118,10:7");
        assertThat(EndOffsets.parse(ends.toString())).isEqualTo(ends);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12", "0:1,", "0:-1", "0:1,0:2", "a:b"})
    void shouldShowTheFormWhenTheTextIsNoOffsets(String text) {
        assertThatThrownBy(() -> EndOffsets.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("end offsets '" + text
                        + "' are not a list of partition:offset, each partition once: give them like 0:120,1:118");
    }
}
