package io.circuitstream.circuits.attribution;

import ai.djl.ndarray.NDScope;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.model.TensorRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Computes batches of rows, one on each thread of the tensor library at a time: every operation stays on its thread, so a
 * batch gives the same bytes whatever the number of threads. Its buffers serve one batch after the other.
 */
final class RowWorkers implements AutoCloseable {
    private final Nodes nodes;
    private final RowStore store;
    private final List<Worker> workers = new ArrayList<>();

    /** What one thread computes with. */
    private record Worker(Adjoint adjoint, DenseRows rows, RowScratch scratch) {}

    /** @param most targets of a batch */
    RowWorkers(FrozenModel frozen, Nodes nodes, RowStore store, int most) {
        this.nodes = nodes;
        this.store = store;
        for (int i = 0; i < Math.max(1, TensorRuntime.threads()); i++) {
            workers.add(
                    new Worker(new Adjoint(frozen), new DenseRows(most, nodes.count()), new RowScratch(nodes.count())));
        }
    }

    /**
     * Computes and stores the rows of all batches. Their influence is added when all are done, in their order.
     *
     * @param influence [N]: final for all targets; what they pass on is added
     * @param done told of each batch, by one thread at a time
     */
    void compute(List<Supplier<Batch>> batches, double[] influence, Consumer<Batch> done) {
        double[][] passed = new double[batches.size()][];
        AtomicInteger next = new AtomicInteger();
        TensorRuntime.onEachThread(thread -> {
            try {
                for (int i = next.getAndIncrement(); i < passed.length; i = next.getAndIncrement()) {
                    // What is read for a batch is native memory too, and this thread has no other scope.
                    try (NDScope scope = new NDScope()) {
                        scope.suppressNotUsedWarning();
                        Batch batch = batches.get(i).get();
                        passed[i] = compute(workers.get(thread), batch, influence);
                        synchronized (done) {
                            done.accept(batch);
                        }
                    }
                }
            } finally {
                // The others stop soon when this one failed; when it did not, there is nothing left.
                next.set(passed.length);
            }
        });
        for (double[] one : passed) {
            for (int s = 0; s < one.length; s++) {
                influence[s] += one[s];
            }
        }
        store.bound();
    }

    private double[] compute(Worker worker, Batch batch, double[] influence) {
        DenseRows rows = worker.rows();
        worker.adjoint().rows(batch.layer(), batch.position(), batch.vectors(), rows);
        double[] passed = new double[influence.length];
        for (int b = 0; b < batch.size(); b++) {
            int node = batch.node()[b];
            store.put(
                    new RowStore.Target(
                            node,
                            rows.bias()[b],
                            batch.bias()[b],
                            batch.value()[b],
                            influence[node] + nodes.weight(node)),
                    rows.effects(b),
                    passed,
                    worker.scratch());
        }
        return passed;
    }

    @Override
    public void close() {
        workers.forEach(worker -> worker.adjoint().close());
    }
}
