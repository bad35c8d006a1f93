package io.circuitstream.dashboard.traces;

import com.fasterxml.jackson.annotation.JsonValue;
import io.circuitstream.events.Topics.Event;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How far a prompt is, in the order in which it passes the stages. */
public enum Stage {
    PROMPTS(Event.PROMPTS),
    INFERENCE(Event.INFERENCES),
    ATTRIBUTION(Event.GRAPHS),
    PRUNING(Event.CIRCUITS),
    VALIDATION(Event.VALIDATIONS);

    private final Event topic;

    Stage(Event topic) {
        this.topic = topic;
    }

    /** Where its results are. */
    public Event topic() {
        return topic;
    }

    /** The one whose result it works on; empty for the first. */
    public Optional<Stage> before() {
        return switch (this) {
            case PROMPTS -> Optional.empty();
            case INFERENCE -> Optional.of(PROMPTS);
            case ATTRIBUTION -> Optional.of(INFERENCE);
            case PRUNING -> Optional.of(ATTRIBUTION);
            case VALIDATION -> Optional.of(PRUNING);
        };
    }

    @JsonValue
    public String spelling() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Stage> of(String spelling) {
        return Arrays.stream(values())
                .filter(stage -> stage.spelling().equals(spelling))
                .findFirst();
    }
}
