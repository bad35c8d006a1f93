package io.circuitstream.training.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.circuits.model.ModelConfig;
import io.circuitstream.circuits.model.Tokens;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.corpus.Vocabulary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextDocumentsTest {
    private static final Path MODEL = Path.of("..", "..", "models", "tiny-ten");
    private static final Vocabulary VOCABULARY = Vocabulary.load();
    /** In the training split by its hash, as is every text that stands alone in a test. */
    private static final String CAPITAL = "fact : the capital of texas is";

    private static Tokens tokens;

    @TempDir
    Path folder;

    @BeforeAll
    static void readTokens() {
        tokens = Tokens.read(MODEL, Vocabulary.BEGIN);
    }

    @AfterAll
    static void closeTokens() {
        tokens.close();
    }

    @Test
    void shouldYieldADocumentALineWhenTheFileIsText() throws IOException {
        write("a.txt", "fact : texas", "", "  the capital  ", "   ", "of texas");

        TextDocuments documents = read(128);

        assertThat(everything(documents))
                .containsExactlyInAnyOrder(ids("fact : texas"), ids("the capital"), ids("of texas"));
        assertThat(documents.describe()).startsWith(folder + ": 3 documents (").endsWith(" test), 7 tokens");
    }

    @Test
    void shouldReadSortedAndRecursivelyWhenAFolderIsGiven() throws IOException {
        write("b.txt", numbered("is", 40));
        write("a/z.jsonl", "{\"text\": \"" + CAPITAL + "\"}");
        write("a/b.txt", numbered("capital", 40));

        List<List<Integer>> train = all(read(128), Split.TRAIN);

        List<Integer> firstWords =
                train.stream().map(ids -> ids.get(1)).distinct().toList();
        assertThat(firstWords).isEqualTo(ids("capital fact is").subList(1, 4));
        assertThat(train).hasSizeGreaterThan(50).isEqualTo(all(read(128), Split.TRAIN));
    }

    @Test
    void shouldKnowWhereTheAnswerBeginsWhenALineHasOne() throws IOException {
        write(
                "a.jsonl",
                "{\"promptId\": \"p\", \"text\": \"" + CAPITAL + "\", \"answer\": \"austin .\", \"tags\": [\"x\"]}",
                "{\"text\": null, \"tokenIds\": [1, 9, 8], \"answer\": \"austin\"}",
                "{\"tokenIds\": [9, 8]}",
                "{\"text\": \" \"}");

        List<Document> documents = documents(read(128));

        assertThat(documents).hasSize(3);
        Document capital = documents.stream()
                .filter(document -> document.tokens().length == 10)
                .findFirst()
                .orElseThrow();
        assertThat(ids(capital)).isEqualTo(ids(CAPITAL + " austin ."));
        assertThat(capital.firstAnswer()).isEqualTo(7);
        Document withAnswer = documents.stream()
                .filter(document -> document.tokens().length == 4)
                .findFirst()
                .orElseThrow();
        assertThat(withAnswer.tokens()).containsExactly(1, 9, 8, VOCABULARY.encode("austin")[0]);
        assertThat(withAnswer.firstAnswer()).isEqualTo(2);
        Document withoutBos = documents.stream()
                .filter(document -> document.tokens().length == 3)
                .findFirst()
                .orElseThrow();
        assertThat(withoutBos.tokens()).containsExactly(1, 9, 8);
        assertThat(withoutBos.firstAnswer()).isEqualTo(2);
    }

    @Test
    void shouldCutWindowsThatBeginWithBosWhenATextIsLongerThanTheContext() throws IOException {
        write("a.jsonl", "{\"text\": \"" + CAPITAL + "\", \"answer\": \"austin . austin .\"}");

        List<Document> windows = documents(read(5));

        assertThat(windows)
                .extracting(TextDocumentsTest::ids)
                .containsExactly(ids("fact : the capital"), ids("of texas is austin"), ids(". austin ."));
        assertThat(windows).extracting(Document::firstAnswer).containsExactly(4, 3, 0);
    }

    @Test
    void shouldPredictTheAnswerAtTheLastPositionWhenTheNextWindowBeginsWithIt() throws IOException {
        write("a.jsonl", "{\"text\": \"fact : the state\", \"answer\": \"austin .\"}");

        assertThat(documents(read(5))).extracting(Document::firstAnswer).containsExactly(4, 0);
    }

    @Test
    void shouldNeverExceedTheModelWhenTheContextIsLarger() throws IOException {
        write("a.txt", "of ".repeat(300));

        List<Document> windows = documents(read(4000));

        assertThat(windows).extracting(window -> window.tokens().length).containsExactly(128, 128, 47);
    }

    @Test
    void shouldKeepATextInItsSplitWhenItIsReadAgain() throws IOException {
        String[] texts = numbered("is", 1000);
        write("a.txt", texts);
        TextDocuments documents = read(128);
        List<List<Integer>> test = all(documents, Split.TEST);
        List<List<Integer>> development = all(documents, Split.DEVELOPMENT);

        assertThat(all(documents, Split.TRAIN)).hasSizeBetween(760, 840);
        assertThat(test).hasSizeBetween(70, 130).doesNotContainAnyElementsOf(development);
        assertThat(development).hasSizeBetween(70, 130);
        assertThat(documents.warnings()).isEmpty();
        Arrays.sort(texts, Comparator.reverseOrder());
        write("a.txt", texts);
        assertThat(all(read(128), Split.TEST)).containsExactlyInAnyOrderElementsOf(test);
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
        DocumentEncoder encoder = encoder(128);
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
        assertThatThrownBy(() -> read(128)).hasMessage(folder + " has no document: give at least one line with text");

        write("a.txt", "", "  ");
        assertThatThrownBy(() -> read(128)).hasMessageContaining("has no document");

        write("a.txt", "zzyzx qwertz", "asdf");
        assertThatThrownBy(() -> read(128))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("every word of " + folder
                        + " is unknown to the tokenizer of tiny-ten: is this the model the texts are for?");

        assertThatThrownBy(() -> encoder(1)).hasMessageContaining("a context of 1 tokens is too short");
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

    private static DocumentEncoder encoder(int context) {
        return DocumentEncoder.of("tiny-ten", ModelConfig.read(MODEL), tokens, context);
    }

    private TextDocuments read(int context) {
        return TextDocuments.read(List.of(folder), encoder(context));
    }

    private Path write(String name, String... lines) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, List.of(lines));
    }

    /** Different texts that begin with the word. */
    private static String[] numbered(String word, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> word + String.valueOf(i).replaceAll("", " ").stripTrailing())
                .toArray(String[]::new);
    }

    private static List<Document> documents(TextDocuments documents) {
        List<Document> all = new ArrayList<>();
        for (Split split : Split.values()) {
            documents.open(split).forEachRemaining(all::add);
        }
        return all;
    }

    private static List<List<Integer>> everything(TextDocuments documents) {
        return documents(documents).stream().map(TextDocumentsTest::ids).toList();
    }

    private static List<List<Integer>> all(TextDocuments documents, Split split) {
        List<List<Integer>> all = new ArrayList<>();
        documents.open(split).forEachRemaining(document -> all.add(ids(document)));
        return all;
    }

    private static List<Integer> ids(Document document) {
        return Arrays.stream(document.tokens()).boxed().toList();
    }

    private static List<Integer> ids(String text) {
        return IntStream.concat(IntStream.of(Vocabulary.BEGIN), Arrays.stream(VOCABULARY.encode(text)))
                .boxed()
                .toList();
    }
}
