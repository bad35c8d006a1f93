package io.circuitstream.standalone.bench;

import ai.djl.ndarray.NDManager;
import io.circuitstream.circuits.attribution.AttributionOptions;
import io.circuitstream.circuits.attribution.Attributor;
import io.circuitstream.circuits.attribution.Expansion;
import io.circuitstream.circuits.attribution.RowProgress;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.model.Attention;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.platform.topics.RecordLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Times attribution of some prompts, exact and bounded, beside what the same arithmetic needs at least. */
public final class AttributionBench implements AutoCloseable {
    /** Rows of a product, positions times targets: as many as a batch has. */
    private static final long PRODUCT_ROWS = 4096;

    private final TraceableModel traceable;
    private final List<LocalReplacementModel> locals = new ArrayList<>();
    private final int repeats;
    private final AttributionOptions options = AttributionOptions.DEFAULT.withMaxBytes(RecordLimits.MAX_VALUE_BYTES);

    /**
     * Runs the forward passes.
     *
     * @throws IllegalArgumentException if a prompt is not the model's
     */
    public AttributionBench(TraceableModel traceable, List<int[]> prompts, int repeats) {
        this.traceable = traceable;
        this.repeats = repeats;
        prompts.forEach(prompt -> locals.add(traceable.local(prompt)));
    }

    /**
     * Every measurement runs once to warm up and then the given number of times, which may be 0 where once takes minutes:
     * then that one counts. A time is of all prompts together.
     *
     * @param epsilons of bounded attribution, beside the exact one
     */
    public Report run(List<Double> epsilons) {
        List<Measured> results = new ArrayList<>();
        double own = ownShapes();
        double large = Products.large(traceable.model().manager());
        results.add(measured("attribution, exact", Expansion.EXACT, own, large, null));
        BoundedLoss loss = epsilons.isEmpty() ? null : new BoundedLoss(locals);
        for (double epsilon : epsilons) {
            results.add(measured("attribution, ε " + epsilon, Expansion.bounded(epsilon), own, large, loss));
        }
        double copy = Products.copy();
        return new Report(new Machine(large, own, copy, traceable.threads()), results);
    }

    private Measured measured(String name, Expansion expansion, double own, double large, @Nullable BoundedLoss loss) {
        AttributionOptions asked = options.with(expansion);
        long begin = System.nanoTime();
        double operations = 0;
        long rows = 0;
        long features = 0;
        long leftOut = 0;
        for (LocalReplacementModel local : locals) {
            AttributionGraph graph = Attributor.attribute(local, asked, RowProgress.NONE);
            // Of every row that is computed: a graph that is thinned to a record's size has not even got all of them.
            operations +=
                    AttributionWork.exact(local, graph.nodes().targets().size()).operations();
            rows += graph.nodes().featureCount()
                    - graph.omissions().skippedRows()
                    + graph.nodes().targets().size();
            features += graph.nodes().featureCount();
            leftOut += graph.omissions().leftOutEdges();
        }
        double[] seconds = {(System.nanoTime() - begin) / 1e9};
        if (repeats > 0) {
            seconds = new double[repeats];
        }
        for (int i = 0; i < repeats; i++) {
            long start = System.nanoTime();
            locals.forEach(local -> Attributor.attribute(local, asked, RowProgress.NONE));
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("model", traceable.model().name());
        about.put("prompts", locals.size());
        about.put(
                "tokens",
                locals.stream().mapToInt(LocalReplacementModel::positions).sum());
        about.put("features", features);
        about.put("rows", rows);
        about.put("edgesLeftOut", leftOut);
        if (loss != null) {
            BoundedLoss.Loss measuredLoss = loss.of(expansion);
            operations = measuredLoss.operations();
            about.putAll(measuredLoss.figures());
        }
        about.put("gigaOperations", operations / 1e9);
        Measured measured = Measured.of(name, seconds, operations / own, about);
        about.put("ratioToLargeProducts", measured.median() / 1e3 * large / operations);
        return measured;
    }

    /** Operations a second over all kinds of products, each at the rate of its shape, of the prompt with most of them. */
    private double ownShapes() {
        LocalReplacementModel local = locals.get(0);
        for (LocalReplacementModel other : locals) {
            local = other.features().count() > local.features().count() ? other : local;
        }
        NDManager manager = traceable.model().manager();
        Attention attention = local.model().layer(0).attention();
        int d = local.model().config().width();
        int positions = local.positions();
        int features = local.features().count();
        long heads = (long) attention.heads() * attention.headWidth();
        long perLayer = Math.max(1, features / local.model().config().layers());
        long batch = Math.min(128, Math.min(perLayer, Math.max(32, PRODUCT_ROWS / positions)));
        AttributionWork work = AttributionWork.exact(local, 10);
        double projections = Products.rate(manager, positions * batch, d, heads);
        double patterns =
                Products.batched(manager, attention.heads(), positions, positions, batch * attention.headWidth());
        double contractions = Products.batched(manager, positions, batch, d, Math.max(3, features / positions));
        double seconds = 2
                * (work.projections() / projections + work.patterns() / patterns + work.contractions() / contractions);
        return work.operations() / seconds;
    }

    @Override
    public void close() {
        locals.forEach(LocalReplacementModel::close);
    }
}
