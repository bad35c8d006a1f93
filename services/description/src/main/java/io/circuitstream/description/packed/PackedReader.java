package io.circuitstream.description.packed;

import java.util.Arrays;

/** Reads what {@link PackedWriter} wrote, in the same order. @throws IllegalArgumentException from every method past the end */
public final class PackedReader {
    private final byte[] bytes;
    private int at;

    public PackedReader(byte[] bytes) {
        this.bytes = bytes;
    }

    public long count() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            require(1);
            byte next = bytes[at++];
            value |= ((long) (next & 0x7F)) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a count of more than ten bytes");
    }

    public int small() {
        return Math.toIntExact(count());
    }

    public float real() {
        return Float.intBitsToFloat((int) big(4));
    }

    public long word() {
        return big(8);
    }

    public int half() {
        return (int) big(4);
    }

    public byte[] raw(int length) {
        require(length);
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    public boolean isAtEnd() {
        return at == bytes.length;
    }

    private long big(int width) {
        require(width);
        long value = 0;
        for (int i = 0; i < width; i++) {
            value = (value << 8) | (bytes[at++] & 0xFF);
        }
        return value;
    }

    private void require(int more) {
        if (more < 0 || bytes.length - at < more) {
            throw new IllegalArgumentException("the bytes end at " + bytes.length + ", wanted " + more + " from " + at);
        }
    }
}
