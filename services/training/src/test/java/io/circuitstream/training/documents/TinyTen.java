package io.circuitstream.training.documents;

import io.circuitstream.circuits.model.ModelConfig;
import io.circuitstream.circuits.model.Tokens;
import io.circuitstream.training.corpus.Split;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The shipped model's tokenizer, and documents as lists that compare by content. */
final class TinyTen implements AutoCloseable {
    private static final Path FOLDER = Path.of("..", "..", "models", "tiny-ten");

    private final Tokens tokens = Tokens.read(FOLDER, ModelConfig.read(FOLDER));

    Tokens tokens() {
        return tokens;
    }

    DocumentEncoder encoder(int context) {
        return DocumentEncoder.of("tiny-ten", ModelConfig.read(FOLDER), tokens, context);
    }

    /** With BOS. */
    List<Integer> ids(String text) {
        return list(tokens.encode(text).ids());
    }

    static List<Integer> ids(Document document) {
        return list(document.tokens());
    }

    /** Of a split that ends. */
    static List<List<Integer>> ids(Documents documents, Split split) {
        List<List<Integer>> all = new ArrayList<>();
        documents.open(split).forEachRemaining(document -> all.add(ids(document)));
        return all;
    }

    private static List<Integer> list(int[] ids) {
        return Arrays.stream(ids).boxed().toList();
    }

    @Override
    public void close() {
        tokens.close();
    }
}
