package io.circuitstream.circuits.model;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import io.circuitstream.circuits.chat.ChatMessage;
import io.circuitstream.circuits.chat.ChatTemplate;
import io.circuitstream.circuits.chat.ChatTemplateException;
import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.circuits.model.TokenizerFile.Piece;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The model's tokenizer: from text to token ids, and from ids to what people read. Thread-safe. */
public final class Tokens implements AutoCloseable {
    /** The largest vocabularies in use take 35 MB; reading takes several times the file. */
    private static final long MAX_BYTES = 100L << 20;

    private final HuggingFaceTokenizer tokenizer;
    private final TokenizerFile file;
    private final int rows;
    private final Set<Integer> stops;
    private final int begin;
    private final boolean addsBos;
    private final @Nullable ChatTemplate chat;

    /**
     * A tokenised prompt; warnings are for the person who sent it.
     *
     * @param text what was tokenised; of a conversation what the chat template made of it
     * @param starts of each token in the text, in code points; −1 for a token that the text does not have
     * @param ends exclusive, likewise
     */
    public record Prompt(String text, int[] ids, int[] starts, int[] ends, List<String> warnings) {}

    private Tokens(HuggingFaceTokenizer tokenizer, TokenizerFile file, TokenizerConfig config, ModelConfig model) {
        this.tokenizer = tokenizer;
        this.file = file;
        this.rows = model.vocabulary();
        this.begin = config.begin(file.ids(), model);
        long[] nothing = tokenizer.encode("", true, false).getIds();
        Integer end = file.ids().get(config.token("eos_token"));
        this.stops = end == null || end >= model.vocabulary() ? Set.of() : Set.of(end);
        this.chat = config.chatTemplate();
        this.addsBos = config.addsBos(begin >= 0 && nothing.length > 0 && nothing[0] == begin);
    }

    /** Reads tokenizer.json and tokenizer_config.json. @throws ModelFileException when they cannot be used for the model */
    public static Tokens read(Path folder, ModelConfig model) {
        Path path = folder.resolve("tokenizer.json");
        TokenizerConfig config = TokenizerConfig.read(folder);
        if (!Files.isRegularFile(path)) {
            throw new ModelFileException(
                    path, "missing: save it with transformers' AutoTokenizer.from_pretrained(…).save_pretrained(…)");
        }
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new ModelFileException(
                        path, "has " + Files.size(path) + " bytes, a tokenizer may have at most " + MAX_BYTES);
            }
            TokenizerFile file = TokenizerFile.read(path);
            if (file.base() > model.vocabulary()) {
                throw new ModelFileException(
                        path,
                        "has a vocabulary of " + file.base() + " tokens, the model's embedding " + model.vocabulary()
                                + ": it belongs to another model");
            }
            return new Tokens(open(path), file, config, model);
        } catch (ModelFileException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new ModelFileException(path, "cannot be read as a tokenizer: " + e.getMessage(), e);
        }
    }

    /** As a stream: given a path, the library would look for other files beside it. */
    private static HuggingFaceTokenizer open(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            // Without the first two options it truncates to 512 tokens without a word.
            return HuggingFaceTokenizer.newInstance(
                    in, Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false"));
        }
    }

    /** The token that ends a text, if the tokenizer names one. */
    public Set<Integer> stops() {
        return stops;
    }

    /**
     * Ids of a text, {@link #begin} in front (unless the text begins with it, or with another special token and the tokenizer
     * itself adds no BOS), and a warning for every unknown word.
     */
    public Prompt encode(String text) {
        return encode(text, addsBos);
    }

    /**
     * Ids of a conversation up to where the assistant's next answer begins, in the format that the model was trained on. Where that
     * begins with text, {@link #begin} stands in front.
     *
     * @throws ChatTemplateException when the model has no chat template, or it does not take these messages
     */
    public Prompt encode(List<ChatMessage> messages) {
        if (chat == null) {
            throw new ChatTemplateException(
                    "the model has no chat template: give the prompt as text, or put the model's"
                            + " chat_template.jinja (or tokenizer_config.json with a chat_template) into its folder");
        }
        return encode(chat.render(messages), false);
    }

    private Prompt encode(String text, boolean always) {
        Encoding encoding = tokenizer.encode(text, false, false);
        int[] ids = ids(encoding);
        boolean begins = ids.length > 0 && (always ? ids[0] == begin : isSpecial(ids[0]));
        int front = begins || begin < 0 ? 0 : 1;
        int[] starts = new int[front + ids.length];
        int[] ends = new int[front + ids.length];
        int[] all = new int[front + ids.length];
        if (front == 1) {
            all[0] = begin;
            starts[0] = -1;
            ends[0] = -1;
        }
        List<String> warnings = new ArrayList<>();
        int[] codePoints = text.codePoints().toArray();
        for (int i = 0; i < ids.length; i++) {
            CharSpan span = encoding.getCharTokenSpans()[i];
            all[front + i] = ids[i];
            starts[front + i] = span == null ? -1 : span.getStart();
            ends[front + i] = span == null ? -1 : span.getEnd();
            if (ids[i] == file.unknown()) {
                String word =
                        span == null ? "?" : new String(codePoints, span.getStart(), span.getEnd() - span.getStart());
                warnings.add("unknown word '" + word + "' is read as " + token(ids[i]));
            }
        }
        return new Prompt(text, all, starts, ends, List.copyOf(warnings));
    }

    private static int[] ids(Encoding encoding) {
        return Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
    }

    /**
     * The id of a text that is exactly one known token: as the tokenizer cuts it, else with a space in front, else as
     * {@link #token} or the vocabulary writes it; {@code #123} names any id.
     *
     * @return empty when no token is written so
     * @throws IllegalArgumentException when several are
     */
    public OptionalInt single(String text) {
        int[] cut = ids(tokenizer.encode(text, false, false));
        return new TokenSearch(file, rows).find(text, cut);
    }

    /** A token as people read it: see {@link TokenText#readable}. */
    public String token(int id) {
        Piece piece = file.piece(id);
        return piece == null ? "⟨no token " + id + "⟩" : piece.text().readable();
    }

    public List<String> tokens(int[] ids) {
        return Arrays.stream(ids).mapToObj(this::token).toList();
    }

    /**
     * The token id that stands first in every prompt: BOS, or what the model's family takes for it (GPT-2 and Qwen:
     * {@code <|endoftext|>}); −1 when there is none.
     */
    public int begin() {
        return begin;
    }

    /** Whether a token is a mark and no text, such as BOS or the start of a turn. */
    boolean isSpecial(int id) {
        return id == begin || file.isSpecial(id);
    }

    /** The token id of every word that the tokenizer does not know; −1 when it can spell any word. */
    public int unknown() {
        return file.unknown();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
