package io.circuitstream.circuits.generation;

import io.circuitstream.circuits.attribution.LogitTargets;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.KeyValueCache;
import io.circuitstream.circuits.model.LanguageModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Greedy continuations: every token is the most probable one, the lower id among equals. Keys and values are kept. */
public final class Generator {
    private Generator() {}

    /**
     * One new token.
     *
     * @param probability the model's, steered if it is
     */
    public record Step(int tokenId, double probability) {}

    /**
     * Continues a prompt.
     *
     * @param most new tokens; fewer where a stop comes or the model's positions end
     * @param stops end the continuation and are its last token
     * @throws IllegalArgumentException if the prompt is longer than the model takes, or most is below 1
     */
    public static List<Step> generate(LanguageModel model, int[] prompt, int most, Set<Integer> stops) {
        return generate(model, prompt, most, stops, null);
    }

    /** The same with features held at other values, in the prompt and in what follows. */
    public static List<Step> generate(
            LanguageModel model, int[] prompt, int most, Set<Integer> stops, @Nullable Steering steering) {
        if (most < 1) {
            throw new IllegalArgumentException("new tokens are " + most + ", must be at least 1");
        }
        List<Step> steps = new ArrayList<>();
        try (KeyValueCache cache = new KeyValueCache(model)) {
            int[] next = prompt;
            while (steps.size() < most
                    && cache.length() + next.length <= model.config().maxPositions()) {
                Step step = step(model, next, cache, steering);
                steps.add(step);
                if (stops.contains(step.tokenId())) {
                    break;
                }
                next = new int[] {step.tokenId()};
            }
        }
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("the prompt has " + prompt.length + " tokens, the model takes at most "
                    + model.config().maxPositions());
        }
        return steps;
    }

    private static Step step(LanguageModel model, int[] tokens, KeyValueCache cache, @Nullable Steering steering) {
        Forward.Options options =
                steering == null ? Forward.Options.CLEAN : Forward.Options.replacing(steering.from(cache.length()));
        try (ForwardPass pass = Forward.run(model, tokens, options, cache)) {
            double[] p = LogitTargets.probabilities(pass.logits(tokens.length - 1));
            int best = LogitTargets.ranking(p, 1)[0];
            return new Step(best, p[best]);
        }
    }
}
