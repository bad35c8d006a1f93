package io.circuitstream.circuits.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.circuits.files.ModelFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code tokenizer.json} says of single tokens; cutting text into tokens is Hugging Face's library's. Merges are passed over:
 * they are most of the file.
 *
 * @param byId every token at its id; null where the file has none
 * @param base how many ids the vocabulary needs, tokens that were added to it not counted
 * @param unknown id that stands for what cannot be written; −1 when the tokenizer can write everything
 */
record TokenizerFile(Path path, List<@Nullable Piece> byId, Map<String, Integer> ids, int base, int unknown) {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Far beyond every vocabulary: an id is an index into arrays. */
    private static final int MAX_ID = 10_000_000;

    /** @param special a mark and no text: it stands for the beginning, the end, a turn */
    record Piece(String written, Spelling spelling, boolean special) {
        TokenText text() {
            return spelling.text(written);
        }

        boolean isByte() {
            return spelling.isByte(written);
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Content(
            @Nullable JsonNode normalizer,
            @Nullable JsonNode pre_tokenizer,
            @Nullable JsonNode decoder,
            @Nullable List<Added> added_tokens,
            @Nullable Model model) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Added(int id, String content, boolean special) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Model(
            @Nullable JsonNode vocab,
            @Nullable String unk_token,
            @Nullable Integer unk_id,
            boolean byte_fallback) {}

    /** @throws IOException when it is no JSON or of another shape */
    static TokenizerFile read(Path path) throws IOException {
        Content content = JSON.readValue(path.toFile(), Content.class);
        if (content == null || content.model() == null || content.model().vocab() == null) {
            throw new ModelFileException(path, "cannot be read as a tokenizer: it has no model.vocab");
        }
        Spelling spelling = Spelling.of(
                content.model().byte_fallback(), content.decoder(), content.pre_tokenizer(), content.normalizer());
        Builder builder = new Builder(path);
        JsonNode vocabulary = content.model().vocab();
        if (vocabulary.isObject()) {
            vocabulary.properties().forEach(e -> builder.put(e.getValue().asInt(-1), e.getKey(), spelling, false));
        } else {
            for (int id = 0; id < vocabulary.size(); id++) {
                builder.put(id, vocabulary.path(id).path(0).asText(), spelling, false);
            }
        }
        int base = builder.byId.size();
        if (content.added_tokens() != null) {
            content.added_tokens().forEach(a -> builder.put(a.id(), a.content(), Spelling.AS_WRITTEN, a.special()));
        }
        Integer unknown = content.model().unk_id() != null
                ? content.model().unk_id()
                : builder.ids.get(String.valueOf(content.model().unk_token()));
        return new TokenizerFile(path, builder.byId, builder.ids, base, unknown == null ? -1 : unknown);
    }

    /** Null when the file has no such token. */
    @Nullable
    Piece piece(int id) {
        return id >= 0 && id < byId.size() ? byId.get(id) : null;
    }

    /** An unknown word is text, whatever the file says. */
    boolean isSpecial(int id) {
        Piece piece = piece(id);
        return piece != null && piece.special() && id != unknown;
    }

    private static final class Builder {
        private final Path path;
        private final List<@Nullable Piece> byId = new ArrayList<>();
        private final Map<String, Integer> ids = new HashMap<>();

        Builder(Path path) {
            this.path = path;
        }

        void put(int id, String written, Spelling spelling, boolean special) {
            if (id < 0 || id > MAX_ID) {
                throw new ModelFileException(path, "gives token '" + written + "' the id " + id);
            }
            while (byId.size() <= id) {
                byId.add(null);
            }
            byId.set(id, new Piece(written, spelling, special));
            ids.put(written, id);
        }
    }
}
