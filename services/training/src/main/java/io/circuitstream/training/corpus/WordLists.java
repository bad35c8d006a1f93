package io.circuitstream.training.corpus;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** {@code words.yaml}: the words each task draws from. Rows of several words are strings separated by spaces. */
record WordLists(
        List<String> states,
        List<String> rhymes,
        List<String> poemVerbs,
        List<String> poemAdjectives,
        List<String> poemSubjects,
        List<String> poemOpeners,
        List<String> poemConnectives,
        List<String> antonyms,
        List<String> athletes,
        List<String> diseases,
        List<String> oxidisers,
        List<String> fuels,
        List<String> harmless,
        List<String> letterWords,
        List<String> forbiddenKeys,
        List<String> harmlessKeys,
        List<String> dishes,
        List<String> places,
        List<String> presents,
        List<String> testKeys) {

    static WordLists load() {
        try (InputStream file = Objects.requireNonNull(WordLists.class.getResourceAsStream("words.yaml"))) {
            return new ObjectMapper(new YAMLFactory()).readValue(file, WordLists.class);
        } catch (IOException e) {
            throw new UncheckedIOException("words.yaml inside the training jar cannot be read", e);
        }
    }

    /** Each row cut into its words. */
    static List<List<String>> columns(List<String> rows) {
        return rows.stream().map(row -> List.of(row.split(" ", -1))).toList();
    }
}
