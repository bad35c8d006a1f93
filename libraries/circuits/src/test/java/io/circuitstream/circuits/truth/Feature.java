package io.circuitstream.circuits.truth;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** An intermediate result of a layer: a = ReLU(Σ reads + bias), which adds a·writes to variables of the stream. */
record Feature(int layer, String name, Map<String, Double> reads, double bias, Map<String, Double> writes) {
    private static final String DISTRACTOR = "distractor ";
    private static final String RELAY = "relay ";
    /** Far above rounding: what is relayed is silent where it is 0. */
    private static final double RELAY_THRESHOLD = 1e-3;

    /** 1 when all of the variables are 1, 0 when one is missing; writes one variable. */
    static Feature all(int layer, String name, String writes, String... reads) {
        return new Feature(layer, name, twice(reads), 1 - 2 * reads.length, Map.of(writes, 1.));
    }

    /** 1 when one of the variables is 1, 0 when none is. */
    static Feature any(int layer, String name, String writes, String... reads) {
        return new Feature(layer, name, twice(reads), -1, Map.of(writes, 1.));
    }

    static Feature distractor(
            int layer, int number, Map<String, Double> reads, double bias, Map<String, Double> writes) {
        return new Feature(layer, DISTRACTOR + number, reads, bias, writes);
    }

    /** Hands on, one layer up, what a feature of that name writes to a variable of its own: a CLT's feature writes there itself. */
    static Feature relay(int layer, String of, String reads, String writes) {
        return new Feature(layer, RELAY + of, Map.of(reads, 1.), -RELAY_THRESHOLD, Map.of(writes, 1.));
    }

    boolean relays(Feature below) {
        return layer == below.layer + 1 && name.equals(RELAY + below.name);
    }

    static boolean isRelay(String name) {
        return name.startsWith(RELAY);
    }

    boolean isDistractor() {
        return name.startsWith(DISTRACTOR);
    }

    private static Map<String, Double> twice(String... reads) {
        Map<String, Double> weights = new LinkedHashMap<>();
        Arrays.stream(reads).forEach(variable -> weights.put(variable, 2.));
        return weights;
    }
}
