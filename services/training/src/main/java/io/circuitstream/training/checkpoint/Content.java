package io.circuitstream.training.checkpoint;

import io.circuitstream.circuits.files.ModelFileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a run needs to go on from a step as if it had never stopped: named arrays and texts. Arrays are not copied: they must
 * not change before the content is written. Not thread-safe.
 */
public final class Content {
    private static final Path UNSAVED = Path.of("unsaved checkpoint");

    private final Path origin;
    private final int step;
    private final int steps;
    private final SortedMap<String, float[]> floats = new TreeMap<>();
    private final SortedMap<String, int[]> ints = new TreeMap<>();
    private final SortedMap<String, String> texts = new TreeMap<>();

    /**
     * @param step updates that were made
     * @param steps updates of the whole run
     */
    public Content(int step, int steps) {
        this(UNSAVED, step, steps);
    }

    Content(Path origin, int step, int steps) {
        this.origin = origin;
        this.step = step;
        this.steps = steps;
    }

    public int step() {
        return step;
    }

    public int steps() {
        return steps;
    }

    public Content putFloats(String name, float[] values) {
        return put(floats, name, values);
    }

    public Content putInts(String name, int[] values) {
        return put(ints, name, values);
    }

    public Content putText(String name, String value) {
        return put(texts, name, value);
    }

    /** Keeps every bit, and infinities and NaN too. */
    public Content putDoubles(String name, double... values) {
        return putText(name, Arrays.stream(values).mapToObj(Double::toString).collect(Collectors.joining(" ")));
    }

    public Content putLong(String name, long value) {
        return putText(name, Long.toString(value));
    }

    private <T> Content put(SortedMap<String, T> values, String name, T value) {
        if (values.putIfAbsent(name, value) != null) {
            throw new IllegalArgumentException(name + " was already put");
        }
        return this;
    }

    /** The array, which must have this length. @throws ModelFileException as every getter, when it is not there */
    public float[] floats(String name, int length) {
        float[] values = get(floats, name);
        if (values.length != length) {
            throw new ModelFileException(origin, name + " has " + values.length + " values, expected " + length);
        }
        return values;
    }

    public int[] ints(String name) {
        return get(ints, name);
    }

    public String text(String name) {
        return get(texts, name);
    }

    public double[] doubles(String name) {
        String text = text(name);
        try {
            return text.isEmpty()
                    ? new double[0]
                    : Arrays.stream(text.split(" ", -1))
                            .mapToDouble(Double::parseDouble)
                            .toArray();
        } catch (NumberFormatException e) {
            throw new ModelFileException(origin, name + " is no list of numbers: " + text, e);
        }
    }

    public long longValue(String name) {
        String text = text(name);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new ModelFileException(origin, name + " is no whole number: " + text, e);
        }
    }

    private <T> T get(SortedMap<String, T> values, String name) {
        T value = values.get(name);
        if (value == null) {
            throw new ModelFileException(origin, name + " is missing; present are " + values.keySet());
        }
        return value;
    }

    SortedMap<String, float[]> floats() {
        return Collections.unmodifiableSortedMap(floats);
    }

    SortedMap<String, int[]> ints() {
        return Collections.unmodifiableSortedMap(ints);
    }

    SortedMap<String, String> texts() {
        return Collections.unmodifiableSortedMap(texts);
    }

    /** Size of everything but names and headers. */
    long bytes() {
        Collection<String> all = texts.values();
        return floats.values().stream()
                        .mapToLong(v -> (long) Float.BYTES * v.length)
                        .sum()
                + ints.values().stream()
                        .mapToLong(v -> (long) Integer.BYTES * v.length)
                        .sum()
                + all.stream()
                        .mapToLong(v -> v.getBytes(StandardCharsets.UTF_8).length)
                        .sum();
    }
}
