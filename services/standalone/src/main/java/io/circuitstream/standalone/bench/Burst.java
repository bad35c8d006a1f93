package io.circuitstream.standalone.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Prompts sent at once.
 *
 * @param end seconds from sending to the report of the first, second, ... that has one
 * @param local prompts a second of the four stages in a row without Kafka, on the same prompts and threads
 * @param held what the process held at the start and after each share of {@link #SHARES}
 */
record Burst(double[] end, double local, List<Footprint> held) {
    /** Of the prompts; the footprint is taken when so many have their report. */
    static final double[] SHARES = {.1, .5, 1};

    static final double TARGET = .9;
    private static final int PARTS = 10;
    private static final double MEGABYTE = 1 << 20;

    List<Measured> results() {
        List<Measured> results = new ArrayList<>();
        results.add(throughput());
        if (held.get(0).resident().isPresent()) {
            results.add(flat("resident memory", "MB", f -> f.resident().orElseThrow() / MEGABYTE));
        }
        results.add(flat("Java heap after collection", "MB", f -> f.heap() / MEGABYTE));
        results.add(flat("native arrays", "arrays", Footprint::arrays));
        return results;
    }

    private Measured throughput() {
        int parts = Math.min(PARTS, end.length);
        double[] rates = new double[parts];
        for (int part = 0; part < parts; part++) {
            int from = part * end.length / parts;
            int to = (part + 1) * end.length / parts;
            rates[part] = (to - from) / (end[to - 1] - (from == 0 ? 0 : end[from - 1]));
        }
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("prompts", end.length);
        about.put("seconds", end[end.length - 1]);
        about.put("targetRatio", TARGET);
        about.put(
                "floor",
                "the same prompts by `trace --local`, without Kafka, on as many threads of the tensor library");
        about.put("range", "of the tenths of the run");
        return Measured.of("throughput", "prompts/s", rates, local, about).withMedian(end.length / end[end.length - 1]);
    }

    private Measured flat(String name, String unit, ToDoubleFunction<Footprint> amount) {
        double[] values = held.stream().skip(1).mapToDouble(amount).toArray();
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("before", amount.applyAsDouble(held.get(0)));
        for (int i = 0; i < SHARES.length; i++) {
            about.put("at" + Math.round(100 * SHARES[i]) + "percent", values[i]);
        }
        about.put("floor", "the same after 10 % of the prompts; the value is the one after all of them");
        return Measured.of(name, unit, values, values[0], about).withMedian(values[SHARES.length - 1]);
    }
}
