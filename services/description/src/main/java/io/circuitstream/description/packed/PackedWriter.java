package io.circuitstream.description.packed;

import java.util.Arrays;

/** Bytes that grow as numbers are added, read back by {@link PackedReader}. Not thread-safe. */
public final class PackedWriter {
    private byte[] bytes;
    private int size;

    public PackedWriter(int capacity) {
        this.bytes = new byte[Math.max(16, capacity)];
    }

    private void reserve(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
        }
    }

    /** A number that is not negative, seven bits a byte, lowest first. */
    public PackedWriter count(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("not a count: " + value);
        }
        reserve(10);
        long left = value;
        while (left >= 0x80) {
            bytes[size++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[size++] = (byte) left;
        return this;
    }

    public PackedWriter real(float value) {
        return big(Float.floatToRawIntBits(value), 4);
    }

    /** Eight bytes, highest first: as bytes they sort like unsigned numbers. */
    public PackedWriter word(long value) {
        return big(value, 8);
    }

    /** Four bytes, highest first. */
    public PackedWriter half(int value) {
        return big(value, 4);
    }

    public PackedWriter raw(byte[] value) {
        reserve(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    private PackedWriter big(long value, int width) {
        reserve(width);
        for (int i = width - 1; i >= 0; i--) {
            bytes[size++] = (byte) (value >>> (8 * i));
        }
        return this;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }
}
