package io.circuitstream.training.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.circuits.model.Tokens;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.Example;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.corpus.Task;
import io.circuitstream.training.corpus.Vocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DemoDocumentsTest {
    private static final Path FOLDER = Path.of("..", "..", "models", "tiny-ten");
    private static final Corpus CORPUS = Corpus.load();
    private static final Vocabulary VOCABULARY = Vocabulary.load();

    private static Tokens tokens;

    @BeforeAll
    static void read() {
        tokens = Tokens.read(FOLDER, Vocabulary.BEGIN);
    }

    @AfterAll
    static void close() {
        tokens.close();
    }

    @Test
    void shouldHaveTheIdsOfTheVocabularyWhenTheEnginesTokenizerEncodes() {
        Random random = new Random(4);
        Iterator<Document> documents = new DemoDocuments(CORPUS, tokens, 4, 1).open(Split.TRAIN);

        for (int i = 0; i < 500; i++) {
            Example example = CORPUS.drawTraining(random);
            int[] prompt = VOCABULARY.encode(example.prompt());
            int[] answer = VOCABULARY.encode(example.answer());
            Document document = documents.next();

            assertThat(document.group()).isEqualTo(example.task().id());
            assertThat(document.tokens())
                    .containsExactly(Stream.of(new int[] {Vocabulary.BEGIN}, prompt, answer)
                            .flatMapToInt(Arrays::stream)
                            .toArray());
            assertThat(document.firstAnswer()).isEqualTo(prompt.length);
            assertThat(document.tokens()[document.firstAnswer() + 1]).isEqualTo(answer[0]);
        }
    }

    @Test
    void shouldDrawTheSameWithoutEndWhenTrainingIsOpenedAgain() {
        DemoDocuments documents = new DemoDocuments(CORPUS, tokens, 4, 1);

        assertThat(first(documents, 300)).isEqualTo(first(documents, 300));
        assertThat(first(new DemoDocuments(CORPUS, tokens, 5, 1), 300)).isNotEqualTo(first(documents, 300));
    }

    @Test
    void shouldYieldTheHeldOutExamplesOfEveryTaskWhenASplitIsHeldOut() {
        DemoDocuments documents = new DemoDocuments(CORPUS, tokens, 4, 3);

        List<List<Integer>> test = all(documents, Split.TEST);

        assertThat(test).hasSize(3 * Task.values().length).isEqualTo(all(documents, Split.TEST));
        assertThat(all(documents, Split.DEVELOPMENT)).doesNotContainAnyElementsOf(test);
        List<String> groups = new ArrayList<>();
        documents.open(Split.TEST).forEachRemaining(document -> groups.add(document.group()));
        assertThat(groups.stream().distinct())
                .containsExactlyElementsOf(
                        Stream.of(Task.values()).map(Task::id).toList());
    }

    private static List<List<Integer>> first(DemoDocuments documents, int count) {
        Iterator<Document> opened = documents.open(Split.TRAIN);
        return IntStream.range(0, count).mapToObj(i -> ids(opened.next())).toList();
    }

    private static List<List<Integer>> all(DemoDocuments documents, Split split) {
        List<List<Integer>> all = new ArrayList<>();
        documents.open(split).forEachRemaining(document -> all.add(ids(document)));
        return all;
    }

    private static List<Integer> ids(Document document) {
        return Arrays.stream(document.tokens()).boxed().toList();
    }
}
