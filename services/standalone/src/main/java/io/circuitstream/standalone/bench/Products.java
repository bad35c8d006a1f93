package io.circuitstream.standalone.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.circuitstream.circuits.model.TensorRuntime;
import java.util.function.Supplier;

/** What the tensor library reaches on this machine, on the threads that {@link TensorRuntime} was told. */
final class Products {
    private static final int ROUNDS = 7;
    private static final int LARGE = 2048;
    private static final int COPIED = 64 << 20;

    private Products() {}

    /** Operations a second of a matrix product [m,k]·[k,n], the best of some rounds. */
    static double rate(NDManager manager, long m, long k, long n) {
        return rate(manager, new Shape(m, k), new Shape(k, n), 2.0 * m * k * n);
    }

    /** The same of b products at once. */
    static double batched(NDManager manager, long b, long m, long k, long n) {
        return rate(manager, new Shape(b, m, k), new Shape(b, k, n), 2.0 * b * m * k * n);
    }

    /** Of a product large enough for nothing else to count. */
    static double large(NDManager manager) {
        return rate(manager, LARGE, LARGE, LARGE);
    }

    private static double rate(NDManager manager, Shape left, Shape right, double operations) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray a = manager.ones(left, DataType.FLOAT32);
            NDArray b = manager.ones(right, DataType.FLOAT32);
            // Small products are repeated, so that the clock's steps do not count.
            int repeats = (int) Math.max(1, 1e9 / operations);
            return Math.max(spread(repeats, () -> a.matMul(b)), apart(repeats, () -> a.matMul(b))) * operations;
        }
    }

    /** Bytes a second read and written by a copy between arrays that are there already, a part on each thread. */
    static double copy() {
        int threads = Math.max(1, TensorRuntime.threads());
        float[] from = new float[COPIED / Float.BYTES];
        float[] to = new float[from.length];
        int part = from.length / threads;
        return best(
                        1,
                        () -> TensorRuntime.onEachThread(
                                thread -> System.arraycopy(from, thread * part, to, thread * part, part)))
                * 2
                * part
                * threads
                * Float.BYTES;
    }

    /** Times a second, the best of some rounds, each operation spread over the threads. */
    private static double spread(int repeats, Supplier<NDArray> work) {
        TensorRuntime.enter();
        return best(repeats, () -> repeat(repeats, work));
    }

    /** The same with an operation of its own on each thread. */
    private static double apart(int repeats, Supplier<NDArray> work) {
        int threads = Math.max(1, TensorRuntime.threads());
        return threads * best(repeats, () -> TensorRuntime.onEachThread(thread -> repeat(repeats, work)));
    }

    private static void repeat(int repeats, Supplier<NDArray> work) {
        for (int i = 0; i < repeats; i++) {
            work.get().close();
        }
    }

    private static double best(int repeats, Runnable round) {
        double best = 0;
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            round.run();
            best = Math.max(best, repeats / ((System.nanoTime() - start) / 1e9));
        }
        return best;
    }
}
