package io.circuitstream.events;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The numeric columns of events: little-endian values one after the other, without a length (the field's doc says how
 * many there are). Reading leaves the buffer as it was.
 */
public final class Columns {
    private Columns() {}

    public static ByteBuffer of(int[] values) {
        ByteBuffer bytes = allocate(Integer.BYTES, values.length);
        bytes.asIntBuffer().put(values);
        return bytes;
    }

    public static ByteBuffer of(long[] values) {
        ByteBuffer bytes = allocate(Long.BYTES, values.length);
        bytes.asLongBuffer().put(values);
        return bytes;
    }

    public static ByteBuffer of(float[] values) {
        ByteBuffer bytes = allocate(Float.BYTES, values.length);
        bytes.asFloatBuffer().put(values);
        return bytes;
    }

    public static int[] ints(ByteBuffer column) {
        int[] values = new int[count(column, Integer.BYTES)];
        little(column).asIntBuffer().get(values);
        return values;
    }

    public static long[] longs(ByteBuffer column) {
        long[] values = new long[count(column, Long.BYTES)];
        little(column).asLongBuffer().get(values);
        return values;
    }

    public static float[] floats(ByteBuffer column) {
        float[] values = new float[count(column, Float.BYTES)];
        little(column).asFloatBuffer().get(values);
        return values;
    }

    private static ByteBuffer allocate(int width, int count) {
        return ByteBuffer.allocate(Math.multiplyExact(width, count)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer little(ByteBuffer column) {
        return column.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int count(ByteBuffer column, int width) {
        if (column.remaining() % width != 0) {
            throw new IllegalArgumentException(
                    "a column of " + column.remaining() + " bytes does not hold whole values of " + width);
        }
        return column.remaining() / width;
    }
}
