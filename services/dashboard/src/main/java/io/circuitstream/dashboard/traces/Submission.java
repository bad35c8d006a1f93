package io.circuitstream.dashboard.traces;

import io.circuitstream.events.PromptSubmitted;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for.
 *
 * @param text null when ids or messages were given
 * @param at when, epoch milliseconds
 * @param sent false while only a later stage's result, which repeats the request, was seen: {@code at} is then too late
 */
public record Submission(
        @Nullable String text, String tenant, List<String> tags, boolean validated, long at, boolean sent) {

    static Submission of(PromptSubmitted request, long at, boolean sent) {
        return new Submission(
                request.getText(),
                request.getTenant(),
                List.copyOf(request.getTags()),
                request.getValidation().getEnabled(),
                at,
                sent);
    }

    /** The one of two that says more: what was sent, the first time that it was. */
    Submission or(Submission other) {
        if (sent != other.sent) {
            return sent ? this : other;
        }
        return at <= other.at ? this : other;
    }
}
