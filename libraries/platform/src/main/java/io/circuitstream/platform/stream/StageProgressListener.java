package io.circuitstream.platform.stream;

/** Told by a stage how far it is. Calls are cheap and never block, so every unit may be reported. */
@FunctionalInterface
public interface StageProgressListener {

    /**
     * Called after each unit or now and then.
     *
     * @param done units done, rows or interventions
     * @param total units in all, 0 when unknown
     */
    void advanced(long done, long total);
}
