package io.circuitstream.standalone.steer;

import io.circuitstream.events.GeneratedToken;
import io.circuitstream.events.Status;
import io.circuitstream.events.SteeringCompleted;
import io.circuitstream.events.TokenProbability;
import io.circuitstream.standalone.trace.TracePrinter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Both answers for a person. */
public final class SteeringText {
    private SteeringText() {}

    public static String of(SteeringCompleted result) {
        if (result.getStatus() != Status.OK) {
            return TracePrinter.safe("FAILED: " + result.getMessage());
        }
        String text = TracePrinter.safe(String.join(" ", result.getTokens()))
                + "\n  clean      " + tokens(result.getCleanTop())
                + "\n  steered    " + tokens(result.getSteeredTop())
                + String.format(Locale.ROOT, "   (KL %.3g nats)", result.getDivergence());
        return result.getCleanContinuation().isEmpty()
                ? text
                : text + "\n  goes on    " + continuation(result.getCleanContinuation()) + "\n  steered    "
                        + continuation(result.getSteeredContinuation());
    }

    private static String tokens(List<TokenProbability> tokens) {
        return tokens.stream()
                .map(t -> TracePrinter.safe(t.getToken()) + String.format(Locale.ROOT, " %.3f", t.getProbability()))
                .collect(Collectors.joining("  "));
    }

    private static String continuation(List<GeneratedToken> tokens) {
        return tokens.stream().map(t -> TracePrinter.safe(t.getToken())).collect(Collectors.joining(" "));
    }
}
