package io.circuitstream.circuits.model;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes that a token stands for, which need not be whole characters. */
record TokenText(byte[] utf8) {

    static TokenText of(String text) {
        return new TokenText(text.getBytes(StandardCharsets.UTF_8));
    }

    boolean is(String text) {
        return Arrays.equals(utf8, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * For people: every part of a character as ⟨E2⟩, line breaks and tabs as ⏎ ↵ → (circuit-tracer's signs), every other
     * character that cannot be seen as ⟨U+200B⟩. A space stays a space.
     */
    String readable() {
        StringBuilder result = new StringBuilder();
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(utf8);
        CharBuffer out = CharBuffer.allocate(utf8.length + 1);
        while (in.hasRemaining()) {
            decoder.reset();
            CoderResult end = decoder.decode(in, out, true);
            out.flip().codePoints().forEach(c -> result.append(visible(c)));
            out.clear();
            for (int i = 0; i < (end.isError() ? end.length() : 0); i++) {
                result.append(hex(in.get()));
            }
        }
        return result.toString();
    }

    private static String hex(byte b) {
        return String.format("⟨%02X⟩", b);
    }

    private static String visible(int c) {
        return switch (c) {
            case ' ' -> " ";
            case '\n' -> "⏎";
            case '\r' -> "↵";
            case '\t' -> "→";
            default ->
                switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SPACE_SEPARATOR,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED -> String.format("⟨U+%04X⟩", c);
                    default -> Character.toString(c);
                };
        };
    }
}
