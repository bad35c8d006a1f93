package io.circuitstream.standalone.capacity;

import io.circuitstream.events.Topics.Event;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one prompt costs.
 *
 * @param tokens of the prompt, BOS included
 * @param activeFeatures of all layers and positions
 * @param seconds of work in each of {@link #STAGES}
 * @param bytes of its record's value in each of {@link #TOPICS}
 */
public record PromptCost(int tokens, int activeFeatures, double[] seconds, int[] bytes) {
    public static final List<String> STAGES = List.of("inference", "attribution", "pruning", "validation");
    public static final List<Event> TOPICS =
            List.of(Event.PROMPTS, Event.INFERENCES, Event.GRAPHS, Event.CIRCUITS, Event.VALIDATIONS);

    public PromptCost {
        if (seconds.length != STAGES.size() || bytes.length != TOPICS.size()) {
            throw new IllegalArgumentException(
                    "a prompt has the seconds of " + STAGES.size() + " stages and the bytes of " + TOPICS.size()
                            + " topics, not " + seconds.length + " and " + bytes.length);
        }
    }

    /** Of some amount over all of them. */
    public static double mean(List<PromptCost> costs, ToDoubleFunction<PromptCost> amount) {
        return costs.stream().mapToDouble(amount).average().orElseThrow();
    }
}
