package io.circuitstream.circuits.model;

import ai.djl.engine.Engine;

/** The tensor library's process-wide state. */
public final class TensorRuntime {
    private TensorRuntime() {}

    /**
     * Sets the number of threads of every tensor operation; must come before the first one. Results are the same to the
     * bit for the same number, and within rounding for another. Also forbids DJL to look for native code on the network.
     */
    public static void start(int threads) {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
        Engine.getInstance();
    }
}
