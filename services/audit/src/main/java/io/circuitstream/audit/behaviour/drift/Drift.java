package io.circuitstream.audit.behaviour.drift;

import io.circuitstream.audit.behaviour.digest.Mix;
import io.circuitstream.events.DriftMeasure;
import io.circuitstream.events.DriftMeasurement;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Measures how two windows differ, each measure with its null. A function of the two lists in their order, and of the seed. */
public final class Drift {
    private static final Map<DriftMeasure, Function<CircuitUnit, Stream<?>>> MEASURES = measures();

    private Drift() {}

    /** A code with a hash that spreads. */
    private record Feature(long code) {
        @Override
        public int hashCode() {
            return (int) Mix.of(code);
        }
    }

    /** The order of the measures is that of their enum. */
    private static Map<DriftMeasure, Function<CircuitUnit, Stream<?>>> measures() {
        Map<DriftMeasure, Function<CircuitUnit, Stream<?>>> measures = new EnumMap<>(DriftMeasure.class);
        measures.put(
                DriftMeasure.FEATURES, unit -> LongStream.of(unit.features()).mapToObj(Feature::new));
        measures.put(DriftMeasure.EDGES, unit -> unit.edges().stream());
        measures.put(DriftMeasure.COMPLETENESS, unit -> Stream.of(unit.completeness()));
        measures.put(DriftMeasure.REPLACEMENT, unit -> Stream.of(unit.replacement()));
        measures.put(
                DriftMeasure.CONFIRMED_SHARE,
                unit -> unit.confirmedShare() < 0 ? Stream.of() : Stream.of(unit.confirmedShare()));
        return measures;
    }

    /** Of the measures for which both sides have something. */
    public static List<DriftMeasurement> between(
            List<CircuitUnit> previous, List<CircuitUnit> current, int permutations, long seed) {
        List<DriftMeasurement> result = new ArrayList<>();
        MEASURES.forEach((measure, items) -> {
            Map<Object, Integer> indices = new HashMap<>();
            int[][] before = units(previous, items, indices);
            int[][] now = units(current, items, indices);
            if (before.length > 0 && now.length > 0) {
                int[][] all = Arrays.copyOf(before, before.length + now.length);
                System.arraycopy(now, 0, all, before.length, now.length);
                PermutationTest test =
                        PermutationTest.of(all, before.length, indices.size(), permutations, seed + result.size());
                result.add(new DriftMeasurement(
                        measure,
                        test.divergence(),
                        test.pValue(),
                        test.quantile95(),
                        now.length,
                        before.length,
                        indices.size()));
            }
        });
        return result;
    }

    /** The same for the same window of the same scan, whoever closes it. */
    public static long seed(String scan, long windowStart) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(scan.getBytes(StandardCharsets.UTF_8));
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(windowStart).flip());
            return ByteBuffer.wrap(digest.digest()).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Items as indices in the order in which they are met; units without items say nothing and are left out. */
    private static int[][] units(
            List<CircuitUnit> units, Function<CircuitUnit, Stream<?>> items, Map<Object, Integer> indices) {
        return units.stream()
                .map(unit -> items.apply(unit)
                        .mapToInt(item -> {
                            Integer index = indices.putIfAbsent(item, indices.size());
                            return index == null ? indices.size() - 1 : index;
                        })
                        .toArray())
                .filter(unit -> unit.length > 0)
                .toArray(int[][]::new);
    }
}
