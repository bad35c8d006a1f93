package io.circuitstream.training.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.Example;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.corpus.Task;
import io.circuitstream.training.corpus.Vocabulary;
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
    private static final Corpus CORPUS = Corpus.load();
    private static final Vocabulary VOCABULARY = Vocabulary.load();

    private static TinyTen tinyTen;

    @BeforeAll
    static void read() {
        tinyTen = new TinyTen();
    }

    @AfterAll
    static void close() {
        tinyTen.close();
    }

    @Test
    void shouldHaveTheIdsOfTheVocabularyWhenTheEnginesTokenizerEncodes() {
        Random random = new Random(4);
        Iterator<Document> documents = new DemoDocuments(CORPUS, tinyTen.tokens(), 4, 1).open(Split.TRAIN);

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
        DemoDocuments documents = new DemoDocuments(CORPUS, tinyTen.tokens(), 4, 1);

        assertThat(first(documents, 300)).isEqualTo(first(documents, 300));
        assertThat(first(new DemoDocuments(CORPUS, tinyTen.tokens(), 5, 1), 300))
                .isNotEqualTo(first(documents, 300));
    }

    @Test
    void shouldYieldTheHeldOutExamplesOfEveryTaskWhenASplitIsHeldOut() {
        DemoDocuments documents = new DemoDocuments(CORPUS, tinyTen.tokens(), 4, 3);

        List<List<Integer>> test = TinyTen.ids(documents, Split.TEST);

        assertThat(test).hasSize(3 * Task.values().length).isEqualTo(TinyTen.ids(documents, Split.TEST));
        assertThat(TinyTen.ids(documents, Split.DEVELOPMENT)).doesNotContainAnyElementsOf(test);
        List<String> groups = new ArrayList<>();
        documents.open(Split.TEST).forEachRemaining(document -> groups.add(document.group()));
        assertThat(groups.stream().distinct())
                .containsExactlyElementsOf(
                        Stream.of(Task.values()).map(Task::id).toList());
    }

    private static List<List<Integer>> first(DemoDocuments documents, int count) {
        Iterator<Document> opened = documents.open(Split.TRAIN);
        return IntStream.range(0, count)
                .mapToObj(i -> TinyTen.ids(opened.next()))
                .toList();
    }
}
