package io.circuitstream.platform.stream;

import org.jspecify.annotations.Nullable;

/**
 * Told by a stage how far it is, by one thread at a time. Calls are cheap and never block, so every unit may be
 * reported.
 */
@FunctionalInterface
public interface StageProgressListener {

    /**
     * How far a stage is.
     *
     * @param units done, rows or interventions
     * @param of units in all, 0 when unknown
     * @param work share of the work that is done, 0 to 1, where units differ in theirs
     * @param settledInfluence see {@link io.circuitstream.events.StageProgress}
     */
    record Done(long units, long of, double work, @Nullable Double settledInfluence) {

        /** Seconds that the rest takes if it goes on as it went; null when nothing is done yet. */
        public @Nullable Double secondsLeft(double elapsedSeconds) {
            return work <= 0 ? null : elapsedSeconds * Math.max(0, 1 - work) / work;
        }
    }

    /** Called after each unit or now and then. */
    void advanced(Done done);

    /** The same for units of equal work. */
    default void advanced(long units, long of) {
        advanced(new Done(units, of, of == 0 ? 0 : (double) units / of, null));
    }
}
