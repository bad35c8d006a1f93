package io.circuitstream.standalone.capacity;

import java.util.Arrays;

/** Seconds from sending a prompt to its report: of half of the prompts, and of 99 in 100, at most. */
public record Latency(double median, double percentile99) {

    public static Latency of(double[] seconds) {
        double[] sorted = seconds.clone();
        Arrays.sort(sorted);
        return new Latency(at(sorted, .5), at(sorted, .99));
    }

    private static double at(double[] sorted, double share) {
        return sorted[(int) Math.ceil(sorted.length * share) - 1];
    }
}
