package io.circuitstream.training.documents;

import io.circuitstream.training.corpus.Split;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/**
 * Texts from files: {@code .txt} with a document a line, {@code .jsonl} with a {@link JsonLine} a line, blank ones not
 * counted. Read once, when it is made; kept as token ids. Thread-safe.
 */
public final class TextDocuments implements Documents {
    private final String source;
    private final DocumentStore store;

    TextDocuments(String source, DocumentStore store) {
        this.source = source;
        this.store = store;
    }

    /**
     * Reads everything.
     *
     * @param sources files, and folders of them, which are read with all folders in them, sorted by name
     * @throws IllegalArgumentException naming the file, and the line where there is one, and saying what to do
     */
    public static TextDocuments read(List<Path> sources, DocumentEncoder encoder) {
        String source = TextFiles.names(sources);
        DocumentStore store = new DocumentStore(encoder);
        TextFiles.read(sources, store);
        store.requireUsable(source);
        return new TextDocuments(source, store);
    }

    @Override
    public Iterator<Document> open(Split split) {
        return store.open(split);
    }

    @Override
    public String describe() {
        return source + ": " + store.describe();
    }

    @Override
    public List<String> warnings() {
        return store.warnings(source);
    }
}
