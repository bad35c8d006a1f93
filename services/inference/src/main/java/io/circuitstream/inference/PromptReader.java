package io.circuitstream.inference;

import io.circuitstream.circuits.chat.ChatTemplateException;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.Tokens;
import io.circuitstream.events.ChatMessage;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.platform.stream.RequestException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From a request to token ids that the model can run on, or a refusal that its sender understands. */
final class PromptReader {
    private final LanguageModel model;
    private final int maxTokens;

    /**
     * Token ids with BOS, and what the sender should know.
     *
     * @param text that starts and ends refer to; null, and they empty, when the sender gave ids
     */
    record Prompt(@Nullable String text, int[] ids, int[] starts, int[] ends, List<String> warnings) {
        static Prompt of(Tokens.Prompt prompt) {
            return new Prompt(prompt.text(), prompt.ids(), prompt.starts(), prompt.ends(), prompt.warnings());
        }
    }

    PromptReader(LanguageModel model, int maxTokens) {
        this.model = model;
        this.maxTokens = Math.min(maxTokens, model.config().maxPositions());
    }

    Prompt read(PromptSubmitted request) {
        requireModel(request.getModel());
        Prompt prompt = tokenised(request);
        boolean onlyBos =
                prompt.ids().length == 1 && prompt.ids()[0] == model.tokens().begin();
        if (prompt.ids().length == 0 || onlyBos) {
            throw new RequestException("the prompt is empty: give at least one token");
        }
        for (int id : prompt.ids()) {
            if (id < 0 || id >= model.config().vocabulary()) {
                throw new RequestException(
                        "token id " + id + named(prompt, id) + " is not in the model's vocabulary: ids are 0 to "
                                + (model.config().vocabulary() - 1));
            }
        }
        if (prompt.ids().length > maxTokens) {
            throw new RequestException("the prompt has " + prompt.ids().length + " tokens, the limit is " + maxTokens
                    + ": shorten it, or raise circuitstream.prompt.max.tokens (the model's own limit is "
                    + model.config().maxPositions() + ")");
        }
        return prompt;
    }

    private Prompt tokenised(PromptSubmitted request) {
        List<String> given = new ArrayList<>();
        if (request.getText() != null) {
            given.add("text");
        }
        if (request.getTokenIds() != null) {
            given.add("tokenIds");
        }
        if (request.getMessages() != null) {
            given.add("messages");
        }
        if (given.size() != 1) {
            throw new RequestException("give one of text, tokenIds and messages: this prompt has "
                    + (given.isEmpty() ? "none" : String.join(" and ", given)));
        }
        return switch (given.get(0)) {
            case "text" -> text(request.getText());
            case "tokenIds" -> ids(request.getTokenIds());
            default -> messages(request.getMessages());
        };
    }

    private void requireModel(String wanted) {
        if (wanted != null && !wanted.equals(model.name()) && !wanted.equals(model.hash())) {
            throw new RequestException("model '" + wanted + "' is not served here; served is '" + model.name() + "' ("
                    + model.hash() + ")");
        }
    }

    private Prompt text(String text) {
        if (text.isBlank()) {
            throw new RequestException("the prompt is empty: give at least one token");
        }
        return Prompt.of(model.tokens().encode(text));
    }

    private Prompt messages(List<ChatMessage> messages) {
        if (messages.isEmpty()) {
            throw new RequestException("the conversation is empty: give at least one message");
        }
        try {
            return Prompt.of(model.tokens()
                    .encode(messages.stream()
                            .map(m -> new io.circuitstream.circuits.chat.ChatMessage(m.getRole(), m.getContent()))
                            .toList()));
        } catch (ChatTemplateException e) {
            throw new RequestException(e.getMessage());
        }
    }

    /** A tokenizer may know tokens that were added to it and not to the model. */
    private String named(Prompt prompt, int id) {
        return prompt.text() == null ? "" : " ('" + model.tokens().token(id) + "')";
    }

    private Prompt ids(List<Integer> ids) {
        return new Prompt(null, ids.stream().mapToInt(Integer::intValue).toArray(), new int[0], new int[0], List.of());
    }
}
