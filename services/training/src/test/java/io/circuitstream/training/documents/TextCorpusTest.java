package io.circuitstream.training.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.training.corpus.Line;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.corpus.SplitRule;
import io.circuitstream.training.corpus.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextCorpusTest {
    @TempDir
    Path folder;

    @Test
    void shouldTakeWordsFromTheTrainingSplitOnlyWhenMakingTheVocabulary() throws IOException {
        List<String> texts =
                IntStream.range(0, 60).mapToObj(i -> "word" + i + "\u00a0 here").toList();

        Vocabulary vocabulary = ofLines("a.txt", texts).vocabulary(1000);

        List<String> expected = IntStream.range(0, 60)
                .mapToObj(i -> "word" + i)
                .filter(word -> SplitRule.ofText(word + " here") == Split.TRAIN)
                .sorted()
                .toList();
        assertThat(expected).hasSizeBetween(30, 59);
        assertThat(vocabulary.words().subList(4, 5)).containsExactly("here");
        assertThat(vocabulary.words().subList(5, vocabulary.size())).isEqualTo(expected);
    }

    @Test
    void shouldCutLongTextsIntoStretchesWhenTraining() throws IOException {
        String text = trainingText("a b c d e f g");
        TextCorpus corpus = ofLines("a.jsonl", List.of("{\"text\": \"" + text + "\", \"answer\": \"x y\"}"));
        Vocabulary vocabulary = corpus.vocabulary(100);

        List<Line> lines = corpus.training(vocabulary, 4).lines();

        int[] whole = vocabulary.encode(text + " x y");
        assertThat(lines).hasSize((whole.length + 3) / 4);
        int[] joined = lines.stream()
                .flatMapToInt(line -> IntStream.concat(Arrays.stream(line.prompt()), Arrays.stream(line.answer())))
                .toArray();
        assertThat(joined).isEqualTo(whole);
        assertThat(lines.stream().mapToInt(line -> line.answer().length).sum()).isEqualTo(2);
        assertThat(lines.get(lines.size() - 1).end()).isEqualTo(whole.length % 4 != 0);
        assertThat(lines.get(0).end()).isFalse();
    }

    @Test
    void shouldChangeItsVersionWhenAnAnswerIsAnother() throws IOException {
        String text = trainingText("a b");
        TextCorpus one = ofLines("one.jsonl", List.of("{\"text\": \"" + text + "\", \"answer\": \"a\"}"));
        TextCorpus other = ofLines("other.jsonl", List.of("{\"text\": \"" + text + "\", \"answer\": \"b\"}"));
        Vocabulary vocabulary = one.vocabulary(100);

        assertThat(one.training(vocabulary, 16).version())
                .isEqualTo(one.training(vocabulary, 16).version())
                .isNotEqualTo(other.training(vocabulary, 16).version());
    }

    @Test
    void shouldNameTheLineWhenItHoldsTokenIds() {
        assertThatThrownBy(() -> ofLines("a.jsonl", List.of("{\"text\": \"a\"}", "{\"tokenIds\": [5]}")))
                .hasMessageContaining("a.jsonl, line 2: token ids mean nothing")
                .hasMessageContaining("give text");
    }

    @Test
    void shouldSaySoWhenThereIsNothingToTrainOn() {
        assertThatThrownBy(() -> ofLines("a.txt", List.of(" ", ""))).hasMessageContaining("has no document");
        String heldOut = IntStream.range(0, 1000)
                .mapToObj(i -> "text " + i)
                .filter(text -> SplitRule.ofText(text) == Split.TEST)
                .findFirst()
                .orElseThrow();
        assertThatThrownBy(() -> ofLines("b.txt", List.of(heldOut)))
                .hasMessageContaining("no document (of 1) in the training split");
    }

    /** The text with as many further words as bring it into the training split. */
    private static String trainingText(String start) {
        String text = start;
        while (SplitRule.ofText(text) != Split.TRAIN) {
            text += " more";
        }
        return text;
    }

    private TextCorpus ofLines(String name, List<String> lines) throws IOException {
        return TextCorpus.ofFiles(List.of(Files.write(folder.resolve(name), lines)));
    }
}
