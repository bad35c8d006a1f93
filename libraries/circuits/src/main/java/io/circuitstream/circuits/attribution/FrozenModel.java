package io.circuitstream.circuits.attribution;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import java.util.ArrayList;
import java.util.List;

/**
 * The local replacement model as its transpose needs it: linear, everything frozen. Holds native memory until closed;
 * read-only, for all threads.
 */
final class FrozenModel implements AutoCloseable {
    private final NDManager manager;
    private final List<FrozenLayer> layers = new ArrayList<>();
    private final Sources embeddings;
    private final int width;
    private final boolean parallel;

    FrozenModel(LocalReplacementModel local, Nodes nodes) {
        this.manager = local.pass().manager().newSubManager();
        this.width = local.model().config().width();
        this.parallel = local.model().config().parallel();
        for (int l = 0; l < nodes.layers(); l++) {
            layers.add(FrozenLayer.of(l, local, nodes, manager));
        }
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            this.embeddings = Sources.embeddings(local, nodes, manager);
        }
    }

    NDManager manager() {
        return manager;
    }

    int layers() {
        return layers.size();
    }

    FrozenLayer layer(int l) {
        return layers.get(l);
    }

    Sources embeddings() {
        return embeddings;
    }

    /** d. */
    int width() {
        return width;
    }

    /** Whether attention and MLP read the same stream. */
    boolean parallel() {
        return parallel;
    }

    @Override
    public void close() {
        manager.close();
    }
}
