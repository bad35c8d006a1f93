package io.circuitstream.standalone.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prompts one at a time, each from its sending to its report at a read_committed client.
 *
 * @param total seconds of each
 * @param compute seconds of each that the four stages worked, as their own timers say
 * @param stages the same of all together, by stage
 * @param recordBytes mean size of each stage's result
 * @param floor seconds of four bare transactions of that size
 */
record Transport(double[] total, double[] compute, StageTimes stages, List<Integer> recordBytes, double floor) {
    /** Parts of the run whose percentiles show how much they vary. */
    private static final int PARTS = 5;

    static final double TARGET_MS = 60;
    static final double TARGET_P99_MS = 120;

    List<Measured> results() {
        double[] transport = transport();
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("prompts", total.length);
        about.put("totalMs", 1e3 * percentile(total, .5));
        about.put("computeMs", 1e3 * percentile(compute, .5));
        stages.seconds().forEach((stage, seconds) -> about.put(stage + "MeanMs", 1e3 * seconds / total.length));
        about.put("recordBytes", recordBytes);
        about.put("targetMs", TARGET_MS);
        about.put("floor", "four bare transactions with records of these sizes at the same broker");
        Map<String, Object> tail = new LinkedHashMap<>();
        tail.put("prompts", total.length);
        tail.put("targetMs", TARGET_P99_MS);
        tail.put("floor", about.get("floor"));
        tail.put("range", "of the fifths of the run");
        return List.of(
                Measured.of("transport", transport, floor, about),
                Measured.of("transport, 99th percentile", percentiles(transport), floor, tail)
                        .withMedian(1e3 * percentile(transport, .99)));
    }

    private double[] transport() {
        double[] transport = new double[total.length];
        for (int i = 0; i < total.length; i++) {
            transport[i] = total[i] - compute[i];
        }
        return transport;
    }

    private static double[] percentiles(double[] values) {
        int parts = Math.min(PARTS, values.length);
        double[] percentiles = new double[parts];
        for (int part = 0; part < parts; part++) {
            int from = part * values.length / parts;
            percentiles[part] = percentile(Arrays.copyOfRange(values, from, (part + 1) * values.length / parts), .99);
        }
        return percentiles;
    }

    /** The smallest value that this share of the values does not exceed. */
    static double percentile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(sorted.length * share) - 1];
    }
}
