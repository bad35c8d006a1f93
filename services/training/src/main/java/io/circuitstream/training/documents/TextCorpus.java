package io.circuitstream.training.documents;

import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.StartupException;
import io.circuitstream.training.corpus.Line;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.corpus.SplitRule;
import io.circuitstream.training.corpus.Vocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Texts of one's own for a new language model: they make its vocabulary, one token a word, words as separated by white
 * space. Held in memory. Not thread-safe until it was read.
 */
public final class TextCorpus {
    private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    private final List<Text> texts = new ArrayList<>();
    private String source = "";
    private String skipped = "";
    private List<String> warnings = List.of();

    /** @param answer empty when none is known */
    private record Text(String text, String answer) {
        Split split() {
            return SplitRule.ofText(text);
        }
    }

    private TextCorpus() {}

    /**
     * Texts of files.
     *
     * @param sources files, and folders of them
     * @throws IllegalArgumentException naming the file, and the line where there is one, and saying what to do
     */
    public static TextCorpus ofFiles(List<Path> sources) {
        TextCorpus corpus = new TextCorpus();
        corpus.source = TextFiles.names(sources);
        TextFiles.read(sources, corpus.sink());
        return corpus.usable();
    }

    /**
     * Prompts of a topic.
     *
     * @param topic its whole name
     * @param endOffsets as an earlier run printed them; null for the end there is now
     * @throws StartupException if brokers, registry or topic are away, naming the address
     * @throws IllegalArgumentException if nothing in the topic can be trained on
     */
    public static TextCorpus ofTopic(Settings settings, String topic, @Nullable String endOffsets) {
        TextCorpus corpus = new TextCorpus();
        EndOffsets ends = endOffsets == null ? null : EndOffsets.parse(endOffsets);
        PromptTopicReader.Reading reading = PromptTopicReader.read(settings, topic, ends, corpus.sink());
        corpus.source = reading.describe();
        corpus.skipped = reading.skipped();
        corpus.warnings = reading.warnings();
        return corpus.usable();
    }

    private TextSink sink() {
        return new TextSink() {
            @Override
            public void addText(String text, String answer) {
                String words = words(text);
                if (!words.isEmpty()) {
                    texts.add(new Text(words, words(answer)));
                }
            }

            @Override
            public void addIds(int[] ids, String answer) {
                throw new IllegalArgumentException(
                        "token ids mean nothing to a model that gets its vocabulary from the texts: give text");
            }
        };
    }

    private TextCorpus usable() {
        if (of(Split.TRAIN).findAny().isEmpty()) {
            throw new IllegalArgumentException(source + skipped + " has "
                    + (texts.isEmpty()
                            ? "no document: give at least one text"
                            : "no document (of " + texts.size()
                                    + ") in the training split, which takes eight of ten: give more"));
        }
        return this;
    }

    /** The words of the training split, the most frequent ones first; at most {@code limit} ids. */
    public Vocabulary vocabulary(int limit) {
        return Vocabulary.of(of(Split.TRAIN).flatMap(text -> Stream.of(text.text, text.answer)), limit);
    }

    /**
     * The training split, in lines of at most {@code length} positions: longer texts are cut.
     */
    public TextLines training(Vocabulary vocabulary, int length) {
        List<Line> lines = new ArrayList<>();
        of(Split.TRAIN).forEach(text -> cut(text, vocabulary, length, lines));
        return TextLines.of(lines);
    }

    /** All three splits as a model reads them that was trained on this corpus. */
    public Documents documents(DocumentEncoder encoder) {
        DocumentStore store = new DocumentStore(encoder);
        texts.forEach(text -> store.addText(text.text, text.answer));
        return new TextDocuments(source, store);
    }

    public String describe() {
        return source + ": " + texts.size() + " documents" + skipped;
    }

    /** What was wrong with the source though it can be trained on. */
    public List<String> warnings() {
        return warnings;
    }

    private Stream<Text> of(Split split) {
        return texts.stream().filter(text -> text.split() == split);
    }

    private static void cut(Text text, Vocabulary vocabulary, int length, List<Line> lines) {
        int[] prompt = vocabulary.encode(text.text);
        int[] answer = text.answer.isEmpty() ? new int[0] : vocabulary.encode(text.answer);
        int[] whole = Arrays.copyOf(prompt, prompt.length + answer.length);
        System.arraycopy(answer, 0, whole, prompt.length, answer.length);
        int start = 0;
        // A row has room for BOS and every token but the last of a stretch that does not end.
        for (; whole.length - start >= length; start += length) {
            lines.add(stretch(whole, start, start + length, prompt.length, false));
        }
        if (start < whole.length) {
            lines.add(stretch(whole, start, whole.length, prompt.length, true));
        }
    }

    private static Line stretch(int[] whole, int start, int end, int answer, boolean last) {
        int border = Math.max(start, Math.min(end, answer));
        return new Line(Arrays.copyOfRange(whole, start, border), Arrays.copyOfRange(whole, border, end), last);
    }

    /** With single spaces, as the tokenizer's white space counts. */
    private static String words(String text) {
        return SPACE.matcher(text.strip()).replaceAll(" ").strip();
    }
}
