package io.circuitstream.training.documents;

import io.circuitstream.circuits.model.ModelConfig;
import io.circuitstream.circuits.model.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Turns texts into documents for one model: its token ids, its BOS, windows no longer than its context. Thread-safe. */
public final class DocumentEncoder {
    private final String model;
    private final Tokens tokens;
    private final int vocabulary;
    private final int context;

    private DocumentEncoder(String model, Tokens tokens, int vocabulary, int context) {
        this.model = model;
        this.tokens = tokens;
        this.vocabulary = vocabulary;
        this.context = context;
    }

    /**
     * For the model with this configuration.
     *
     * @param model its name in messages
     * @param tokens stays the caller's
     * @param context most tokens of a document; the model's own limit is never exceeded
     * @throws IllegalArgumentException if the context has no room for a token and the one before it
     */
    public static DocumentEncoder of(String model, ModelConfig config, Tokens tokens, int context) {
        if (context < 2) {
            throw new IllegalArgumentException("a context of " + context + " tokens is too short: give at least 2");
        }
        return new DocumentEncoder(model, tokens, config.vocabulary(), Math.min(context, config.maxPositions()));
    }

    String model() {
        return model;
    }

    /** Whether the id stands for a word that the tokenizer does not know. */
    boolean isUnknown(int id) {
        return id == tokens.unknown();
    }

    /** How many tokens of a document are BOS and not text. */
    int begin() {
        return tokens.begin() >= 0 ? 1 : 0;
    }

    /** @param answer what follows the text after a space; empty when it is not known */
    List<Document> text(String text, String answer) {
        int[] prompt = tokens.encode(text).ids();
        if (answer.isEmpty()) {
            return windows(prompt, prompt.length);
        }
        // As one text: a tokenizer may cut an answer differently when it stands alone.
        int[] whole = tokens.encode(text + " " + answer).ids();
        int difference = Arrays.mismatch(prompt, whole);
        return windows(whole, difference < 0 ? whole.length : difference);
    }

    /** @throws IllegalArgumentException if the model has no such token */
    List<Document> ids(int[] prompt, String answer) {
        for (int id : prompt) {
            if (id < 0 || id >= vocabulary) {
                throw new IllegalArgumentException("token id " + id + " is not in the vocabulary of " + model
                        + ": ids are 0 to " + (vocabulary - 1));
            }
        }
        if (answer.isEmpty()) {
            return windows(prompt, prompt.length);
        }
        int[] more = body(tokens.encode(" " + answer).ids());
        int[] whole = Arrays.copyOf(prompt, prompt.length + more.length);
        System.arraycopy(more, 0, whole, prompt.length, more.length);
        return windows(whole, prompt.length);
    }

    /**
     * Consecutive windows over the text, each with BOS of its own; none for an empty text.
     *
     * @param answer index of the answer's first token in {@code ids}; the length when there is no answer
     */
    private List<Document> windows(int[] ids, int answer) {
        int[] body = body(ids);
        int firstAnswer = answer - (ids.length - body.length);
        int begin = begin();
        List<Document> windows = new ArrayList<>();
        for (int start = 0; start < body.length; start += context - begin) {
            int end = Math.min(body.length, start + context - begin);
            int[] window = new int[begin + end - start];
            if (begin == 1) {
                window[0] = tokens.begin();
            }
            System.arraycopy(body, start, window, begin, end - start);
            // The position before the answer, inside of this window: all before it, none, or some.
            int position = Math.max(0, Math.min(window.length, begin + firstAnswer - start) - 1);
            windows.add(new Document("", window, position));
        }
        return windows;
    }

    private int[] body(int[] ids) {
        boolean startsWithBos = begin() == 1 && ids.length > 0 && ids[0] == tokens.begin();
        return startsWithBos ? Arrays.copyOfRange(ids, 1, ids.length) : ids;
    }
}
