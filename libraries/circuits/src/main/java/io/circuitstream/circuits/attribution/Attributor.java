package io.circuitstream.circuits.attribution;

import ai.djl.ndarray.NDScope;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.GraphScores;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.LogitTarget;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.Omissions;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Transcoder.Reads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The attribution graph of one prompt: a row for every logit target and for every active feature, or for those that
 * matter ({@link Expansion}). Targets are batched by layer and position, so that a batch walks only the layers below it and
 * the positions before it. Layers are done from the top, because then everything that a feature feeds is done before it and
 * its influence is known.
 */
public final class Attributor {
    private final LocalReplacementModel local;
    private final Nodes nodes;
    private final ReadVectors read;
    private final RowStore store;
    private final RowSelection selection;
    private final RowMeter meter;
    private final double[] influence;
    private final BatchSizes sizes;

    private Attributor(LocalReplacementModel local, AttributionOptions options, RowProgress progress) {
        this.local = local;
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
        this.read = new ReadVectors(local);
        this.store = new RowStore(nodes, options.rowDrop(), options.maxBytes());
        this.influence = new double[nodes.count()];
        double weight = targets.stream().mapToDouble(LogitTarget::probability).sum();
        this.selection = new RowSelection(local.features(), options.expansion(), weight);
        this.meter = new RowMeter(nodes, weight, progress);
        this.sizes = BatchSizes.of(nodes, local.model().config().width());
    }

    /**
     * Computes the rows. The local replacement model stays open.
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
        List<Supplier<Batch>> targets = targets();
        try (FrozenModel frozen = new FrozenModel(local, nodes);
                RowWorkers workers = new RowWorkers(frozen, nodes, store, sizes.most())) {
            workers.compute(targets, influence, meter::done);
            for (int l = nodes.layers() - 1; l >= 0; l--) {
                int[] chosen = selection.choose(l, influence);
                meter.layer(l, chosen, influence);
                List<Supplier<Batch>> batches = features(l, chosen);
                for (int from = 0; from < batches.size(); from += sizes.together()) {
                    int to = Math.min(batches.size(), from + sizes.together());
                    workers.compute(batches.subList(from, to), influence, meter::done);
                }
            }
        }
        return graph();
    }

    /** Targets of one layer and position together; those of logits are all at the end. */
    private List<Supplier<Batch>> targets() {
        Map<List<Integer>, List<Integer>> together = new LinkedHashMap<>();
        List<ReadVectors.TargetRead> reads = new ArrayList<>();
        for (int k = 0; k < nodes.targets().size(); k++) {
            ReadVectors.TargetRead target = read.target(nodes.targets().get(k).readout());
            reads.add(target);
            together.computeIfAbsent(List.of(target.layer(), target.position()), at -> new ArrayList<>())
                    .add(k);
        }
        List<Supplier<Batch>> batches = new ArrayList<>();
        for (List<Integer> same : together.values()) {
            for (int from = 0; from < same.size(); from += sizes.most()) {
                Batch batch = batch(reads, same.subList(from, Math.min(same.size(), from + sizes.most())));
                batches.add(() -> batch);
            }
        }
        return batches;
    }

    private Batch batch(List<ReadVectors.TargetRead> reads, List<Integer> targets) {
        int d = local.model().config().width();
        ReadVectors.TargetRead first = reads.get(targets.get(0));
        float[] vectors = new float[targets.size() * d];
        for (int b = 0; b < targets.size(); b++) {
            System.arraycopy(reads.get(targets.get(b)).vector(), 0, vectors, b * d, d);
        }
        return new Batch(
                first.layer(),
                targets.stream().mapToInt(k -> nodes.firstLogit() + k).toArray(),
                targets.stream().mapToInt(k -> first.position()).toArray(),
                vectors,
                targets.stream().mapToDouble(k -> reads.get(k).bias()).toArray(),
                targets.stream().mapToDouble(k -> reads.get(k).value()).toArray());
    }

    private List<Supplier<Batch>> features(int layer, int[] chosen) {
        List<Supplier<Batch>> batches = new ArrayList<>();
        int to = chosen.length;
        for (int from : sizes.beginnings(positions(chosen))) {
            int[] some = Arrays.copyOfRange(chosen, from, to);
            batches.add(() -> batch(layer, some));
            to = from;
        }
        return batches;
    }

    private int[] positions(int[] features) {
        return Arrays.stream(features).map(i -> nodes.features().position()[i]).toArray();
    }

    private Batch batch(int layer, int[] features) {
        ActiveFeatures active = nodes.features();
        Reads reads = read.features(layer, features);
        double[] biases = new double[features.length];
        double[] values = new double[features.length];
        for (int b = 0; b < features.length; b++) {
            biases[b] = reads.biases()[b];
            values[b] = active.activation()[features[b]];
        }
        return new Batch(layer, features, positions(features), reads.vectors(), biases, values);
    }

    private AttributionGraph graph() {
        SparseRows rows = store.build();
        double all = 0;
        for (int i = 0; i < influence.length; i++) {
            all += influence[i] + nodes.weight(i);
        }
        GraphScores scores = new GraphScores(
                Influence.replacementScore(nodes, influence), all == 0 ? 0 : (all - store.errorInfluence()) / all);
        Omissions omissions = new Omissions(
                selection.skipped(), selection.skippedInfluence(), store.leftOut(), store.leftOutInfluence());
        return new AttributionGraph(nodes, rows, scores, omissions, store.conservationError());
    }
}
