package io.circuitstream.circuits.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a vocabulary writes the bytes that a token stands for. */
enum Spelling {
    /** GPT-2's: every byte is one printable character, a space is Ġ. */
    BYTES,
    /** SentencePiece's: ▁ is a space. */
    MARKED_SPACES,
    /** SentencePiece's, with a token such as {@code <0xE2>} for each byte that no other token writes. */
    MARKED_SPACES_AND_BYTES,
    AS_WRITTEN;

    private static final Map<Character, Byte> BYTE_OF = bytes();
    private static final Pattern BYTE = Pattern.compile("<0x[0-9A-F]{2}>");

    /** Of a tokenizer with these parts, each of which may be missing. */
    static Spelling of(boolean byteFallback, @Nullable JsonNode... parts) {
        for (JsonNode part : parts) {
            if (part != null && part.findValuesAsText("type").contains("ByteLevel")) {
                return BYTES;
            }
        }
        for (JsonNode part : parts) {
            if (part != null && (part.toString().contains("\"▁\"") || isMetaspace(part))) {
                return byteFallback ? MARKED_SPACES_AND_BYTES : MARKED_SPACES;
            }
        }
        return byteFallback ? MARKED_SPACES_AND_BYTES : AS_WRITTEN;
    }

    private static boolean isMetaspace(JsonNode part) {
        return part.findValuesAsText("type").contains("Metaspace");
    }

    /** Whether the piece is there to write one byte of any text: most have a better one for the same character. */
    boolean isByte(String piece) {
        return this == MARKED_SPACES_AND_BYTES && BYTE.matcher(piece).matches();
    }

    TokenText text(String piece) {
        return switch (this) {
            case BYTES -> bytes(piece);
            case MARKED_SPACES -> TokenText.of(piece.replace('▁', ' '));
            case MARKED_SPACES_AND_BYTES ->
                isByte(piece)
                        ? new TokenText(new byte[] {(byte) Integer.parseInt(piece.substring(3, 5), 16)})
                        : MARKED_SPACES.text(piece);
            case AS_WRITTEN -> TokenText.of(piece);
        };
    }

    private static TokenText bytes(String piece) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < piece.length(); i++) {
            Byte b = BYTE_OF.get(piece.charAt(i));
            if (b == null) {
                return TokenText.of(piece);
            }
            out.write(b);
        }
        return new TokenText(out.toByteArray());
    }

    /** GPT-2's table: printable bytes are themselves, the others follow from U+0100 on. */
    private static Map<Character, Byte> bytes() {
        Map<Character, Byte> result = new HashMap<>();
        int others = 0;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b != 0xAD);
            result.put((char) (printable ? b : 256 + others++), (byte) b);
        }
        return Map.copyOf(result);
    }
}
