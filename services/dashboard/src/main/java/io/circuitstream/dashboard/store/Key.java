package io.circuitstream.dashboard.store;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Builds keys whose order as unsigned bytes is the order of their parts. Single use. */
public final class Key {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);

    private Key() {}

    /** A key of one kind of entry; the letter comes first in all of them. */
    public static Key of(char kind) {
        Key key = new Key();
        key.bytes.write(kind);
        return key;
    }

    /** Ascends with the number when it is not negative. */
    public Key number(long value) {
        bytes.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
        return this;
    }

    /** Descends with the number when it is not negative. */
    public Key descending(long value) {
        return number(Long.MAX_VALUE - value);
    }

    /** A text before other parts; as long ones as short ones stand together, so that prefixes are of whole texts. */
    public Key text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).array());
        bytes.writeBytes(utf8);
        return this;
    }

    /** A text as the last part, in the order of its bytes. */
    public byte[] end(String value) {
        bytes.writeBytes(value.getBytes(StandardCharsets.UTF_8));
        return end();
    }

    public byte[] end() {
        return bytes.toByteArray();
    }

    /** What stands after {@code prefix} bytes, as text. */
    public static String textAfter(byte[] key, int prefix) {
        return new String(key, prefix, key.length - prefix, StandardCharsets.UTF_8);
    }

    public static long numberAt(byte[] key, int offset) {
        return ByteBuffer.wrap(key).getLong(offset);
    }
}
