package io.circuitstream.training.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What files cannot be, and what the person who gave them is told. */
class TextDocumentsRefusalTest {
    private static TinyTen tinyTen;

    @TempDir
    Path folder;

    @BeforeAll
    static void readTokens() {
        tinyTen = new TinyTen();
    }

    @AfterAll
    static void closeTokens() {
        tinyTen.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"text": "fact"        | not JSON at column 16: give one JSON object a line
            {"text": "a"} {}       | not JSON at column 15: give one JSON object a line
            "fact"                 | no JSON object: give one with text or tokenIds
            {"texts": "fact"}      | neither text nor tokenIds: give one of the two
            {"text": "a", "tokenIds": [1]} | text and tokenIds: give one of the two
            {"text": 3}            | text is no string: put it into quotes
            {"text": "a", "answer": 3} | answer is no string: put it into quotes
            {"tokenIds": [1, -4]}  | tokenIds is no array of token ids: give whole numbers from 0 on
            {"tokenIds": [1, 2.5]} | tokenIds is no array of token ids: give whole numbers from 0 on
            {"tokenIds": "1"}      | tokenIds is no array of token ids: give whole numbers from 0 on
            {"tokenIds": [99999]}  | token id 99999 is not in the vocabulary of tiny-ten: ids are 0 to 1066
            """)
    void shouldNameFileAndLineWhenALineIsBad(String line, String problem) throws IOException {
        Path file = write("a.jsonl", "{\"text\": \"fact\"}", "", line);

        assertThatThrownBy(() -> read(128))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + ", line 3: " + problem);
    }

    @Test
    void shouldNameTheFileWhenItIsMissingOrOfAnUnknownKindOrNotUtf8() throws IOException {
        DocumentEncoder encoder = tinyTen.encoder(128);
        Path missing = folder.resolve("none.txt");
        assertThatThrownBy(() -> TextDocuments.read(List.of(missing), encoder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(missing + ": no such file or folder: give .txt or .jsonl files");

        Path csv = write("a.csv", "fact");
        assertThatThrownBy(() -> read(128))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(csv + ": unknown kind of file: give .txt");
        Files.delete(csv);

        Path latin = folder.resolve("b.txt");
        Files.write(latin, "fact\nclich\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> read(128))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(latin + ": ")
                .hasMessageContaining("not UTF-8");
    }

    @Test
    void shouldRefuseACorpusWhenNothingInItCanBeTrainedOn() throws IOException {
        assertThatThrownBy(() -> read(128)).hasMessage(folder + " has no document: give at least one text");

        write("a.txt", "", "  ");
        assertThatThrownBy(() -> read(128)).hasMessageContaining("has no document");

        write("a.txt", "fact : the capital");
        assertThatThrownBy(() -> read(128))
                .hasMessage("no document of " + folder
                        + " (1 in all) is in the training split, which takes eight of ten: give more");

        write("a.txt", "zzyzx qwertz", "asdf");
        assertThatThrownBy(() -> read(128))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("every word of " + folder
                        + " is unknown to the tokenizer of tiny-ten: is this the model the texts are for?");

        assertThatThrownBy(() -> tinyTen.encoder(1)).hasMessageContaining("a context of 1 tokens is too short");
    }

    @Test
    void shouldWarnWhenManyTokensAreUnknownOrNothingIsHeldOut() throws IOException {
        write("a.txt", "fact : the city of texas is zzyzx");

        assertThat(read(128).warnings())
                .containsExactly(
                        "25.0 % of the tokens of " + folder
                                + " are unknown to the tokenizer of tiny-ten: is this the model the texts are for?",
                        "no document of " + folder
                                + " (1 in all) is in the development split: give more, or nothing can be measured on it",
                        "no document of " + folder
                                + " (1 in all) is in the test split: give more, or nothing can be measured on it");
    }

    private TextDocuments read(int context) {
        return TextDocuments.read(List.of(folder), tinyTen.encoder(context));
    }

    private Path write(String name, String... lines) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, List.of(lines));
    }
}
