package io.circuitstream.dashboard.traces;

import io.circuitstream.events.InferenceCompleted;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What inference says of a prompt.
 *
 * @param text that was tokenised; null when ids were given
 * @param sameTopToken whether the replacement model gives the same token; null when it was not compared
 */
public record InferenceFigures(
        @Nullable String text,
        List<String> tokens,
        List<TopToken> top,
        int activeFeatures,
        int layers,
        @Nullable Boolean sameTopToken) {
    private static final int MOST_TOP = 3;

    /** A next token. */
    public record TopToken(String token, float probability) {}

    static InferenceFigures of(InferenceCompleted event) {
        return new InferenceFigures(
                event.getText(),
                List.copyOf(event.getTokens()),
                event.getTopLogits().stream()
                        .limit(MOST_TOP)
                        .map(top -> new TopToken(top.getToken(), top.getProbability()))
                        .toList(),
                event.getFeatureLayer().remaining() / Integer.BYTES,
                event.getLayers(),
                event.getAgreement() == null ? null : event.getAgreement().getSameTopToken());
    }
}
