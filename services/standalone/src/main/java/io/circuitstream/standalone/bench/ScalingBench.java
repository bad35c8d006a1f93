package io.circuitstream.standalone.bench;

import io.circuitstream.circuits.replacement.TraceableModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * How the time of exact attribution grows with the prompt and with the active features, on random models of the shipped
 * model's shape.
 */
public final class ScalingBench {
    private static final double FEW = 10;
    private static final int FIXED_LENGTH = 64;

    private final Path folder;
    private final int threads;
    private final int repeats;
    private final Consumer<String> doing;
    private final List<Measured> results = new ArrayList<>();
    private Machine machine = new Machine(0, null, 0, 0);

    /**
     * A bench that writes its models into a folder.
     *
     * @param repeats of each size, after one that does not count; 0 times each once, only the first size twice
     * @param doing told what is measured next
     */
    public ScalingBench(Path folder, int threads, int repeats, Consumer<String> doing) {
        this.folder = folder;
        this.threads = threads;
        this.repeats = repeats;
        this.doing = doing;
    }

    /**
     * Times each length with about ten active features a token and layer, and each number of active features with 64
     * tokens.
     *
     * @throws IOException if the models cannot be written
     */
    public Report run(List<Integer> lengths, List<Integer> actives) throws IOException {
        int longest =
                Math.max(2, lengths.stream().mapToInt(Integer::intValue).max().orElse(2));
        if (repeats == 0 && !lengths.isEmpty()) {
            time("warm-up", RandomModel.small(longest, FEW), lengths.get(0));
            results.clear();
        }
        List<double[]> byLength = new ArrayList<>();
        for (int length : lengths) {
            byLength.add(time("length " + length, RandomModel.small(longest, FEW), length));
        }
        List<double[]> byFeatures = new ArrayList<>();
        for (int active : actives) {
            byFeatures.add(time("active " + active, RandomModel.small(FIXED_LENGTH, active), FIXED_LENGTH));
        }
        exponent("exponent of the prompt's length", byLength, 0);
        exponent("exponent of the active features", byFeatures, 1);
        return new Report(machine, results);
    }

    /** Length, features and milliseconds. */
    private double[] time(String name, RandomModel shape, int length) throws IOException {
        doing.accept(name);
        Path files = folder.resolve(shape.positions() + "-" + shape.active());
        shape.writeInto(files);
        try (TraceableModel model = TraceableModel.load(files.resolve("model"), files.resolve("clt"), threads);
                AttributionBench bench =
                        new AttributionBench(model, List.of(prompt(length, shape.vocabulary())), repeats)) {
            Report report = bench.run(List.of());
            machine = report.machine();
            Measured one = report.results().get(0);
            results.add(new Measured(
                    name, one.unit(), one.median(), one.min(), one.max(), one.floor(), one.ratio(), one.parameters()));
            return new double[] {length, ((Number) one.parameters().get("features")).doubleValue(), one.median()};
        }
    }

    private static int[] prompt(int length, int vocabulary) {
        int[] ids = new SplittableRandom(1).ints(length, 0, vocabulary - 1).toArray();
        ids[0] = vocabulary - 1;
        return ids;
    }

    /** The local exponents between neighbours, log of the times' ratio over log of the sizes'. */
    private void exponent(String name, List<double[]> points, int size) {
        if (points.size() < 2) {
            return;
        }
        double[] slopes = new double[points.size() - 1];
        Map<String, Object> between = new LinkedHashMap<>();
        for (int i = 0; i < slopes.length; i++) {
            double[] a = points.get(i);
            double[] b = points.get(i + 1);
            slopes[i] = Math.log(b[2] / a[2]) / Math.log(b[size] / a[size]);
            between.put("%.0f to %.0f".formatted(a[size], b[size]), slopes[i]);
        }
        results.add(Measured.of(name, "log/log", slopes, 1, between));
    }
}
