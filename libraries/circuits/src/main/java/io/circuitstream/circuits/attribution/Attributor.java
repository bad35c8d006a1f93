package io.circuitstream.circuits.attribution;

import ai.djl.ndarray.NDScope;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.LogitTarget;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Transcoder.Reads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The attribution graph of one prompt, exactly: a row for every active feature and every logit target. Targets are
 * batched by layer and position, so that a batch walks only the layers below it and the positions before it.
 */
public final class Attributor {
    /** Targets carried down together: enough for the products to be efficient, few enough for B·N to stay small. */
    private static final int BATCH = 128;

    private final LocalReplacementModel local;
    private final RowProgress progress;
    private final Nodes nodes;
    private final RowStore store;
    private int done;

    private Attributor(LocalReplacementModel local, AttributionOptions options, RowProgress progress) {
        this.local = local;
        this.progress = progress;
        List<LogitTarget> targets =
                LogitTargets.select(local.pass().logits(local.positions() - 1), options, local.model());
        this.nodes = new Nodes(
                local.model().config().layers(),
                local.masked(),
                local.pass().tokens(),
                local.model().tokens().tokens(local.pass().tokens()),
                local.features(),
                local.errorNorms(),
                targets);
        this.store = new RowStore(
                IntStream.concat(
                                IntStream.range(0, nodes.featureCount()),
                                IntStream.range(nodes.firstLogit(), nodes.count()))
                        .toArray(),
                options.rowDrop());
    }

    /**
     * Computes every row. The local replacement model stays open.
     *
     * @throws NoSuchTargetException if a target that is asked for does not exist
     */
    public static AttributionGraph attribute(
            LocalReplacementModel local, AttributionOptions options, RowProgress progress) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return new Attributor(local, options, progress).run();
        }
    }

    private AttributionGraph run() {
        ReadVectors read = new ReadVectors(local);
        try (Adjoint adjoint = new Adjoint(local, nodes)) {
            targetRows(adjoint, read);
            for (int l = nodes.layers() - 1; l >= 0; l--) {
                int end = nodes.features().layerStart()[l + 1];
                for (int from = nodes.features().layerStart()[l]; from < end; from += BATCH) {
                    featureRows(adjoint, read, l, from, Math.min(end, from + BATCH));
                }
            }
        }
        return new AttributionGraph(nodes, store.build(), 0, store.conservationError());
    }

    /** Targets of one layer and position together; those of logits are all at the end. */
    private void targetRows(Adjoint adjoint, ReadVectors read) {
        List<LogitTarget> targets = nodes.targets();
        Map<List<Integer>, List<Integer>> together = new LinkedHashMap<>();
        List<ReadVectors.TargetRead> reads = new ArrayList<>();
        for (int k = 0; k < targets.size(); k++) {
            ReadVectors.TargetRead target = read.target(targets.get(k).readout());
            reads.add(target);
            together.computeIfAbsent(List.of(target.layer(), target.position()), at -> new ArrayList<>())
                    .add(k);
        }
        together.values().forEach(batch -> targetRows(adjoint, reads, batch));
    }

    private void targetRows(Adjoint adjoint, List<ReadVectors.TargetRead> reads, List<Integer> batch) {
        int d = local.model().config().width();
        ReadVectors.TargetRead first = reads.get(batch.get(0));
        int[] positions = new int[batch.size()];
        Arrays.fill(positions, first.position());
        float[] vectors = new float[batch.size() * d];
        for (int i = 0; i < batch.size(); i++) {
            System.arraycopy(reads.get(batch.get(i)).vector(), 0, vectors, i * d, d);
        }
        Adjoint.Rows rows = adjoint.rows(first.layer(), positions, vectors);
        for (int i = 0; i < batch.size(); i++) {
            int k = batch.get(i);
            store.put(
                    nodes.featureCount() + k,
                    rows.effects()[i],
                    rows.bias()[i],
                    reads.get(k).bias(),
                    reads.get(k).value());
        }
        report(batch.size());
    }

    private void featureRows(Adjoint adjoint, ReadVectors read, int layer, int from, int to) {
        ActiveFeatures features = nodes.features();
        Reads reads = read.features(layer, from, to);
        Adjoint.Rows rows = adjoint.rows(layer, Arrays.copyOfRange(features.position(), from, to), reads.vectors());
        IntStream targets = IntStream.range(from, to);
        // Every row by itself: the same whoever stores it.
        (TensorRuntime.threads() > 1 ? targets.parallel() : targets)
                .forEach(i -> store.put(
                        i,
                        rows.effects()[i - from],
                        rows.bias()[i - from],
                        reads.biases()[i - from],
                        features.activation()[i]));
        report(to - from);
    }

    private void report(int rows) {
        done += rows;
        progress.rows(done, nodes.featureCount() + nodes.targets().size());
    }
}
