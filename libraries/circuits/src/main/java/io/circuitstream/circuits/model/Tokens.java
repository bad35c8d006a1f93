package io.circuitstream.circuits.model;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.circuits.files.ModelFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** The model's tokenizer. Thread-safe. */
public final class Tokens implements AutoCloseable {
    /** The largest vocabularies in use take 35 MB; reading takes several times the file. */
    private static final long MAX_BYTES = 100L << 20;

    private final HuggingFaceTokenizer tokenizer;
    private final int bos;
    private final int unknown;

    /** A tokenised prompt; warnings are for the person who sent it. */
    public record Prompt(int[] ids, List<String> warnings) {}

    private Tokens(HuggingFaceTokenizer tokenizer, int bos, int unknown) {
        this.tokenizer = tokenizer;
        this.bos = bos;
        this.unknown = unknown;
    }

    /** Reads tokenizer.json. @throws ModelFileException when the folder has no usable one */
    public static Tokens read(Path folder, int bosTokenId) {
        Path file = folder.resolve("tokenizer.json");
        if (!Files.isRegularFile(file)) {
            throw new ModelFileException(file, "missing");
        }
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ModelFileException(
                        file, "has " + Files.size(file) + " bytes, a tokenizer may have at most " + MAX_BYTES);
            }
            JsonNode json = new ObjectMapper().readTree(file.toFile()).path("model");
            int unknown =
                    json.path("vocab").path(json.path("unk_token").asText()).asInt(-1);
            // Without these two options it truncates to 512 tokens without a word.
            HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.builder()
                    .optTokenizerPath(file)
                    .optTruncation(false)
                    .optPadding(false)
                    .optAddSpecialTokens(false)
                    .build();
            return new Tokens(tokenizer, bosTokenId, unknown);
        } catch (ModelFileException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new ModelFileException(file, "cannot be read as a tokenizer: " + e.getMessage(), e);
        }
    }

    /** Ids with BOS first (unless the text itself begins with it), and a warning for every unknown word. */
    public Prompt encode(String text) {
        Encoding encoding = tokenizer.encode(text, false, false);
        int[] ids = Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
        List<String> warnings = new ArrayList<>();
        int[] codePoints = text.codePoints().toArray();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == unknown) {
                var span = encoding.getCharTokenSpans()[i];
                String word =
                        span == null ? "?" : new String(codePoints, span.getStart(), span.getEnd() - span.getStart());
                warnings.add("unknown word '" + word + "' is read as " + token(unknown));
            }
        }
        if (bos >= 0 && (ids.length == 0 || ids[0] != bos)) {
            int[] withBos = new int[ids.length + 1];
            withBos[0] = bos;
            System.arraycopy(ids, 0, withBos, 1, ids.length);
            ids = withBos;
        }
        return new Prompt(ids, List.copyOf(warnings));
    }

    /** The id of a text that is exactly one known token, else empty. */
    public OptionalInt single(String text) {
        long[] ids = tokenizer.encode(text, false, false).getIds();
        boolean unknownWord = ids.length == 1 && ids[0] == unknown && !text.equals(token(unknown));
        return ids.length == 1 && !unknownWord ? OptionalInt.of(Math.toIntExact(ids[0])) : OptionalInt.empty();
    }

    public String token(int id) {
        return tokenizer.decode(new long[] {id}, false);
    }

    public List<String> tokens(int[] ids) {
        return Arrays.stream(ids).mapToObj(this::token).toList();
    }

    /** The token id that stands first in every prompt; −1 when the model has none. */
    public int bos() {
        return bos;
    }

    /** The token id of every word that the tokenizer does not know; −1 when it can spell any word. */
    public int unknown() {
        return unknown;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
