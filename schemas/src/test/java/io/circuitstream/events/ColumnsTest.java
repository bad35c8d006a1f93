package io.circuitstream.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ColumnsTest {

    @Test
    void shouldGiveTheSameValuesWhenWrittenAndRead() {
        int[] ints = {0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE};
        long[] longs = {0, -1, Long.MAX_VALUE, Long.MIN_VALUE};
        float[] floats = {0, -0f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY, Float.NaN};

        assertThat(Columns.ints(Columns.of(ints))).isEqualTo(ints);
        assertThat(Columns.longs(Columns.of(longs))).isEqualTo(longs);
        assertThat(Columns.floats(Columns.of(floats))).isEqualTo(floats);
        assertThat(Columns.ints(Columns.of(new int[0]))).isEmpty();
    }

    @Test
    void shouldBeLittleEndianWhenWritten() {
        assertThat(Columns.of(new int[] {0x01020304}).array()).containsExactly(4, 3, 2, 1);
        assertThat(Columns.of(new long[] {0x0102030405060708L}).array()).containsExactly(8, 7, 6, 5, 4, 3, 2, 1);
        assertThat(Columns.of(new float[] {1}).array()).containsExactly(0, 0, 0x80, 0x3f);
    }

    @Test
    void shouldReadOnlyWhatRemainsAndLeaveTheBufferWhenItIsAPart() {
        ByteBuffer part = ByteBuffer.wrap(new byte[] {9, 1, 0, 0, 0, 9}, 1, 4);

        assertThat(Columns.ints(part)).containsExactly(1);
        assertThat(Columns.ints(part)).containsExactly(1);
        assertThat(part.remaining()).isEqualTo(4);
    }

    @Test
    void shouldRefuseWhenTheBytesAreNoWholeValues() {
        assertThatThrownBy(() -> Columns.ints(ByteBuffer.allocate(7)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a column of 7 bytes does not hold whole values of 4");
        assertThatThrownBy(() -> Columns.floats(ByteBuffer.allocate(5))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Columns.longs(ByteBuffer.allocate(12)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a column of 12 bytes does not hold whole values of 8");
    }
}
