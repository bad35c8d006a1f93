package io.circuitstream.training.documents;

import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.corpus.SplitRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Documents in memory, four bytes a token and some sixty a document, each in the split of its text. Filled by one thread;
 * after that only read.
 */
final class DocumentStore implements TextSink {
    private static final double MANY_UNKNOWN = .1;

    private final DocumentEncoder encoder;
    private final Map<Split, List<Document>> documents = new EnumMap<>(Split.class);
    private final Map<Split, Integer> texts = new EnumMap<>(Split.class);
    private long tokens;
    private long unknown;

    DocumentStore(DocumentEncoder encoder) {
        this.encoder = encoder;
        for (Split split : Split.values()) {
            documents.put(split, new ArrayList<>());
            texts.put(split, 0);
        }
    }

    @Override
    public void addText(String text, String answer) {
        add(SplitRule.ofText(text), encoder.text(text, answer));
    }

    @Override
    public void addIds(int[] ids, String answer) {
        add(SplitRule.ofText(Arrays.toString(ids)), encoder.ids(ids, answer));
    }

    /** All windows of one text. */
    private void add(Split split, List<Document> windows) {
        if (windows.isEmpty()) {
            return;
        }
        texts.merge(split, 1, Integer::sum);
        documents.get(split).addAll(windows);
        for (Document window : windows) {
            for (int i = encoder.begin(); i < window.tokens().length; i++) {
                tokens++;
                unknown += encoder.isUnknown(window.tokens()[i]) ? 1 : 0;
            }
        }
    }

    Iterator<Document> open(Split split) {
        return List.copyOf(documents.get(split)).iterator();
    }

    /** @throws IllegalArgumentException saying why nothing can be trained on what was added, and what to do */
    void requireUsable(String source) {
        if (count() == 0) {
            throw new IllegalArgumentException(source + " has no document: give at least one text");
        }
        if (unknown == tokens) {
            throw new IllegalArgumentException("every word of " + source + " is unknown to the tokenizer of "
                    + encoder.model() + ": is this the model the texts are for?");
        }
        if (texts.get(Split.TRAIN) == 0) {
            throw new IllegalArgumentException("no document of " + source + " (" + count()
                    + " in all) is in the training split, which takes eight of ten: give more");
        }
    }

    List<String> warnings(String source) {
        List<String> warnings = new ArrayList<>();
        if (unknown > MANY_UNKNOWN * tokens) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "%.1f %% of the tokens of %s are unknown to the tokenizer of %s: is this the model the texts are for?",
                    100.0 * unknown / tokens,
                    source,
                    encoder.model()));
        }
        for (Split split : List.of(Split.DEVELOPMENT, Split.TEST)) {
            if (texts.get(split) == 0) {
                warnings.add("no document of " + source + " (" + count() + " in all) is in the " + name(split)
                        + " split: give more, or nothing can be measured on it");
            }
        }
        return warnings;
    }

    /** For example {@code 1000 documents (801 train, 99 development, 100 test), 52311 tokens}. */
    String describe() {
        return count() + " documents (" + texts.get(Split.TRAIN) + " train, " + texts.get(Split.DEVELOPMENT)
                + " development, " + texts.get(Split.TEST) + " test), " + tokens + " tokens";
    }

    private int count() {
        return texts.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static String name(Split split) {
        return split.name().toLowerCase(Locale.ROOT);
    }
}
