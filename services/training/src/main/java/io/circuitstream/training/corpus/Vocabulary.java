package io.circuitstream.training.corpus;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

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
import java.util.stream.Stream;

/** Words and their token ids, special tokens first. Immutable. */
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
                throw new IllegalArgumentException("the vocabulary lists '" + words.get(id) + "' twice");
            }
        }
        if (!words.subList(0, SPECIAL.size()).equals(SPECIAL)) {
            throw new IllegalArgumentException("the vocabulary must start with " + SPECIAL);
        }
    }

    /**
     * That of the demo corpus, {@code vocabulary.txt}: a word's line number is its id. Written once and only appended to, so ids
     * never depend on the order of generation.
     */
    public static Vocabulary load() {
        try (InputStream file = Objects.requireNonNull(Vocabulary.class.getResourceAsStream("vocabulary.txt"))) {
            return new Vocabulary(new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException("vocabulary.txt inside the training jar cannot be read", e);
        }
    }

    /**
     * The most frequent words of these texts; of equally frequent ones those that come first by {@link String#compareTo}.
     *
     * @param texts words separated by single spaces; special tokens in them are not counted
     * @param limit most ids, special tokens among them
     * @throws IllegalArgumentException if the limit leaves no room for a word
     */
    public static Vocabulary of(Stream<String> texts, int limit) {
        if (limit <= SPECIAL.size()) {
            throw new IllegalArgumentException("a vocabulary of " + limit + " has no room for a word beside the "
                    + SPECIAL.size() + " special tokens: give more");
        }
        Map<String, Long> counts =
                texts.flatMap(text -> Stream.of(text.split(" ", -1))).collect(groupingBy(word -> word, counting()));
        SPECIAL.forEach(counts::remove);
        counts.remove("");
        Stream<String> frequent = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(limit - SPECIAL.size())
                .map(Map.Entry::getKey);
        return new Vocabulary(Stream.concat(SPECIAL.stream(), frequent).toList());
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
