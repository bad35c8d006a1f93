package io.circuitstream.circuits.model;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;

/** The tensor library's number of threads, which is a matter of the process to us but of each thread to OpenMP. */
public final class TensorRuntime {
    private static volatile int threads;

    /** Threads of Java that OpenMP has been told. */
    private static final ThreadLocal<Integer> TOLD = ThreadLocal.withInitial(() -> 0);

    private TensorRuntime() {}

    /**
     * Sets the number of threads of every tensor operation in this process. Results are the same to the bit for the same
     * number, and within rounding for another. Also forbids DJL to look for native code on the network.
     */
    public static void start(int number) {
        System.setProperty("ai.djl.offline", "true");
        Engine.getInstance();
        threads = number;
        enter();
    }

    /** What {@link #start} was given; 0 before it. */
    public static int threads() {
        return threads;
    }

    /**
     * Must come before the first tensor operation of each thread of Java: OpenMP keeps its number per thread, and a
     * thread that was never told would use every core, and round differently. Forward passes do it themselves; code that
     * computes with tensors on a thread of its own calls it once. Cheap when repeated; does nothing before
     * {@link #start}.
     */
    public static void enter() {
        int wanted = threads;
        if (wanted != 0 && TOLD.get() != wanted) {
            JniUtils.setNumThreads(wanted);
            TOLD.set(wanted);
        }
    }
}
