package io.circuitstream.inference;

import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.Tokens;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.platform.stream.RequestException;
import java.util.List;

/** From a request to token ids that the model can run on, or a refusal that its sender understands. */
final class PromptReader {
    private final LanguageModel model;
    private final int maxTokens;

    /** Token ids with BOS, and what the sender should know. */
    record Prompt(int[] ids, List<String> warnings) {}

    PromptReader(LanguageModel model, int maxTokens) {
        this.model = model;
        this.maxTokens = Math.min(maxTokens, model.config().maxPositions());
    }

    Prompt read(PromptSubmitted request) {
        requireModel(request.getModel());
        if ((request.getText() == null) == (request.getTokenIds() == null)) {
            throw new RequestException("give either text or tokenIds: this prompt has "
                    + (request.getText() == null ? "neither" : "both"));
        }
        Prompt prompt = request.getText() != null ? text(request.getText()) : ids(request.getTokenIds());
        boolean onlyBos =
                prompt.ids().length == 1 && prompt.ids()[0] == model.tokens().begin();
        if (prompt.ids().length == 0 || onlyBos) {
            throw new RequestException("the prompt is empty: give at least one token");
        }
        if (prompt.ids().length > maxTokens) {
            throw new RequestException("the prompt has " + prompt.ids().length + " tokens, the limit is " + maxTokens
                    + ": shorten it, or raise circuitstream.prompt.max.tokens (the model's own limit is "
                    + model.config().maxPositions() + ")");
        }
        return prompt;
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
        Tokens.Prompt tokenised = model.tokens().encode(text);
        return new Prompt(tokenised.ids(), tokenised.warnings());
    }

    private Prompt ids(List<Integer> ids) {
        int vocabulary = model.config().vocabulary();
        for (int id : ids) {
            if (id < 0 || id >= vocabulary) {
                throw new RequestException(
                        "token id " + id + " is not in the vocabulary: ids are 0 to " + (vocabulary - 1));
            }
        }
        return new Prompt(ids.stream().mapToInt(Integer::intValue).toArray(), List.of());
    }
}
