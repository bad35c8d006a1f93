package io.circuitstream.training.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.training.corpus.Split;
import java.io.IOException;
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

class TextDocumentsTest {
    /** In the training split by its hash, as is every text that stands alone in a test. */
    private static final String CAPITAL = "fact : the capital of texas is";

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

    @Test
    void shouldYieldADocumentALineWhenTheFileIsText() throws IOException {
        write("a.txt", "fact : texas", "", "  the capital  ", "   ", "of texas");

        TextDocuments documents = read(128);

        assertThat(everything(documents))
                .containsExactlyInAnyOrder(
                        tinyTen.ids("fact : texas"), tinyTen.ids("the capital"), tinyTen.ids("of texas"));
        assertThat(documents.describe()).startsWith(folder + ": 3 documents (").endsWith(" test), 7 tokens");
    }

    @Test
    void shouldReadSortedAndRecursivelyWhenAFolderIsGiven() throws IOException {
        write("b.txt", numbered("is", 40));
        write("a/z.jsonl", "{\"text\": \"" + CAPITAL + "\"}");
        write("a/b.txt", numbered("capital", 40));

        List<List<Integer>> train = TinyTen.ids(read(128), Split.TRAIN);

        List<Integer> firstWords =
                train.stream().map(ids -> ids.get(1)).distinct().toList();
        assertThat(firstWords).isEqualTo(tinyTen.ids("capital fact is").subList(1, 4));
        assertThat(train).hasSizeGreaterThan(50).isEqualTo(TinyTen.ids(read(128), Split.TRAIN));
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
        assertThat(TinyTen.ids(capital)).isEqualTo(tinyTen.ids(CAPITAL + " austin ."));
        assertThat(capital.firstAnswer()).isEqualTo(7);
        Document withAnswer = documents.stream()
                .filter(document -> document.tokens().length == 4)
                .findFirst()
                .orElseThrow();
        assertThat(withAnswer.tokens())
                .containsExactly(1, 9, 8, tinyTen.ids("austin").get(1));
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
                .extracting(TinyTen::ids)
                .containsExactly(
                        tinyTen.ids("fact : the capital"),
                        tinyTen.ids("of texas is austin"),
                        tinyTen.ids(". austin ."));
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
        List<List<Integer>> test = TinyTen.ids(documents, Split.TEST);
        List<List<Integer>> development = TinyTen.ids(documents, Split.DEVELOPMENT);

        assertThat(TinyTen.ids(documents, Split.TRAIN)).hasSizeBetween(760, 840);
        assertThat(test).hasSizeBetween(70, 130).doesNotContainAnyElementsOf(development);
        assertThat(development).hasSizeBetween(70, 130);
        assertThat(documents.warnings()).isEmpty();
        Arrays.sort(texts, Comparator.reverseOrder());
        write("a.txt", texts);
        assertThat(TinyTen.ids(read(128), Split.TEST)).containsExactlyInAnyOrderElementsOf(test);
    }

    private TextDocuments read(int context) {
        return TextDocuments.read(List.of(folder), tinyTen.encoder(context));
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
        return documents(documents).stream().map(TinyTen::ids).toList();
    }
}
