package io.circuitstream.circuits.intervention;

/**
 * A feature held at another value.
 *
 * @param from first position
 * @param to position after the last; {@link #OPEN} for all that come, generated ones included
 */
public record Intervention(int layer, int feature, int from, int to, Value value) {
    public static final int OPEN = Integer.MAX_VALUE;

    /** What the feature is held at. */
    public sealed interface Value {

        /** In place of its activation. */
        float of(float activation);
    }

    /** An activation in the transcoder's own units; 0 ablates. */
    public record Set(float activation) implements Value {
        @Override
        public float of(float clean) {
            return activation;
        }
    }

    /** A multiple of its activation: −1 inhibits, 2 amplifies; nothing where it is not active. */
    public record Scale(float factor) implements Value {
        @Override
        public float of(float activation) {
            return factor * activation;
        }
    }

    public Intervention {
        if (from < 0 || to <= from) {
            throw new InterventionException("positions " + from + " to " + to + " are no range");
        }
    }

    /** At one position. */
    public static Intervention at(int layer, int feature, int position, Value value) {
        return new Intervention(layer, feature, position, position + 1, value);
    }

    boolean covers(int position) {
        return position >= from && position < to;
    }
}
