package io.circuitstream.circuits.model;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** The tensor library's number of threads, which is a matter of the process to us but of each thread to OpenMP. */
public final class TensorRuntime {
    private static volatile int threads;

    /** Threads of Java that OpenMP has been told. */
    private static final ThreadLocal<Integer> TOLD = ThreadLocal.withInitial(() -> 0);

    private static final ExecutorService POOL = Executors.newCachedThreadPool(TensorRuntime::daemon);

    private TensorRuntime() {}

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "tensors");
        thread.setDaemon(true);
        return thread;
    }

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
        if (threads != 0) {
            tell(threads);
        }
    }

    /**
     * A thread of Java takes the library's number over when it is first asked for it, whatever it was told before: the
     * number of the thread that was told last. So it is asked at once, and nobody is told meanwhile.
     */
    private static void tell(int wanted) {
        if (TOLD.get() != wanted) {
            synchronized (TensorRuntime.class) {
                JniUtils.setNumThreads(wanted);
                if (JniUtils.getNumThreads() != wanted) {
                    throw new IllegalStateException("the tensor library does not use " + wanted + " threads");
                }
            }
            TOLD.set(wanted);
        }
    }

    /**
     * Runs a task on as many threads as there may be, each of which computes its tensor operations alone, and waits for
     * all: work in independent pieces is faster this way than with every operation spread over all threads, and rounds the same
     * for any number.
     *
     * @param task given 0, 1, … up to the number of threads
     */
    public static void onEachThread(IntConsumer task) {
        if (threads <= 1) {
            enter();
            task.accept(0);
            return;
        }
        List<Future<?>> others = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int thread = i;
            others.add(POOL.submit(() -> {
                tell(1);
                task.accept(thread);
            }));
        }
        await(others);
    }

    /** Not to be interrupted: the others compute with tensors that the caller is about to free. */
    private static void await(List<Future<?>> others) {
        boolean interrupted = false;
        Throwable failure = null;
        for (int i = 0; i < others.size(); ) {
            try {
                others.get(i++).get();
            } catch (InterruptedException e) {
                interrupted = true;
                i--;
            } catch (ExecutionException e) {
                failure = failure == null ? e.getCause() : failure;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (RuntimeException) failure;
        }
    }
}
