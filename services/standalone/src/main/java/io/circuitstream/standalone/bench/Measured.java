package io.circuitstream.standalone.bench;

import java.util.Arrays;
import java.util.Map;

/**
 * One result, in {@code unit}s.
 *
 * @param floor what the machine needs at least, or what the result is held against, see the parameters
 * @param ratio median over floor: of times the nearer to 1 from above the better, of rates the higher
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
        double[] milliseconds = Arrays.stream(seconds).map(s -> 1e3 * s).toArray();
        return of(name, "ms", milliseconds, 1e3 * floorSeconds, parameters);
    }

    /** Of repeated values in the unit. */
    static Measured of(String name, String unit, double[] values, double floor, Map<String, Object> parameters) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        return new Measured(
                name, unit, median, sorted[0], sorted[sorted.length - 1], floor, median / floor, parameters);
    }

    /** The same with another value in the middle: of all together, where the values are of parts. */
    Measured withMedian(double whole) {
        return new Measured(name, unit, whole, min, max, floor, whole / floor, parameters);
    }
}
