package io.circuitstream.training.corpus;

import io.circuitstream.circuits.files.ContentHash;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The fixed list of words, {@code vocabulary.txt}: a word's line number is its token id. Written once and only appended to,
 * so ids never depend on the order of generation. Immutable.
 */
public final class Vocabulary {
    public static final int UNKNOWN = 0;
    public static final int BEGIN = 1;
    public static final int END = 2;
    public static final int PADDING = 3;
    /** The first ids, in order; everything after them is an ordinary word. */
    public static final List<String> SPECIAL = List.of("<unk>", "<bos>", "<eos>", "<pad>");

    private static final int VERSION_BYTES = 8;

    private final List<String> words;
    private final Map<String, Integer> ids = new HashMap<>();

    private Vocabulary(List<String> words) {
        this.words = words;
        for (int id = 0; id < words.size(); id++) {
            if (ids.put(words.get(id), id) != null) {
                throw new IllegalStateException("vocabulary.txt lists '" + words.get(id) + "' twice");
            }
        }
        if (!words.subList(0, SPECIAL.size()).equals(SPECIAL)) {
            throw new IllegalStateException("vocabulary.txt must start with " + SPECIAL);
        }
    }

    public static Vocabulary load() {
        try (InputStream file = Objects.requireNonNull(Vocabulary.class.getResourceAsStream("vocabulary.txt"))) {
            return new Vocabulary(new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException("vocabulary.txt inside the training jar cannot be read", e);
        }
    }

    /** Ids of the words of a text, without special tokens; a word that is not listed becomes {@link #UNKNOWN}. */
    public int[] encode(String text) {
        return List.of(text.split(" ", -1)).stream()
                .mapToInt(word -> ids.getOrDefault(word, UNKNOWN))
                .toArray();
    }

    public String word(int id) {
        return words.get(id);
    }

    public List<String> words() {
        return words;
    }

    /** A digest of all words in order. */
    public String version() {
        byte[] text = String.join("\n", words).getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(ContentHash.sha256().digest(text), 0, VERSION_BYTES);
    }

    public int size() {
        return words.size();
    }
}
