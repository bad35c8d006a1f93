package io.circuitstream.standalone.bench;

import java.util.Arrays;
import java.util.Map;

/**
 * One result, in {@code unit}s.
 *
 * @param floor what the machine needs at least
 * @param ratio median over floor
 * @param parameters what was measured, and by which bound
 */
public record Measured(
        String name,
        String unit,
        double median,
        double min,
        double max,
        double floor,
        double ratio,
        Map<String, Object> parameters) {

    /** Of repeated times in seconds, given as milliseconds. */
    static Measured of(String name, double[] seconds, double floorSeconds, Map<String, Object> parameters) {
        double[] sorted = seconds.clone();
        Arrays.sort(sorted);
        double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        return new Measured(
                name,
                "ms",
                1e3 * median,
                1e3 * sorted[0],
                1e3 * sorted[sorted.length - 1],
                1e3 * floorSeconds,
                median / floorSeconds,
                parameters);
    }
}
