package io.circuitstream.description.state;

import java.util.Arrays;
import java.util.Comparator;

/**
 * One prompt in which a feature is active.
 *
 * @param prompt hash of the prompt
 * @param peak its largest activation there
 * @param body the bytes of its {@link Window}
 */
public record Context(long prompt, float peak, byte[] body) {

    /** Most active first. Total, so that what is kept does not depend on the order in which contexts come. */
    static final Comparator<Context> BY_PEAK = Comparator.comparing(Context::peak)
            .reversed()
            .thenComparing(Context::prompt, Long::compareUnsigned)
            .thenComparing(Context::body, Arrays::compareUnsigned);

    /** Smallest hash first: the first k are a uniform sample of the prompts. */
    static final Comparator<Context> BY_HASH =
            Comparator.comparing(Context::prompt, Long::compareUnsigned).thenComparing(BY_PEAK);

    public Window window() {
        return Window.of(body);
    }

    /** Whether labels are scored on this prompt instead of found on it. */
    public boolean isHeldOut() {
        return (prompt & 1) == 1;
    }
}
