package io.circuitstream.training.documents;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Up to where each partition of a topic is read: the offset after the last record, by partition. Written as
 * {@code 0:120,1:118}. Immutable.
 */
record EndOffsets(Map<Integer, Long> byPartition) {
    private static final Pattern ENTRY = Pattern.compile("(\\d{1,9}):(\\d{1,18})");

    EndOffsets {
        byPartition = Collections.unmodifiableMap(new TreeMap<>(byPartition));
    }

    /** @throws IllegalArgumentException if the text is not what {@link #toString} wrote */
    static EndOffsets parse(String text) {
        Map<Integer, Long> byPartition = new TreeMap<>();
        for (String entry : text.split(",", -1)) {
            Matcher matcher = ENTRY.matcher(entry.strip());
            if (!matcher.matches()
                    || byPartition.put(Integer.valueOf(matcher.group(1)), Long.valueOf(matcher.group(2))) != null) {
                throw new IllegalArgumentException("end offsets '" + text
                        + "' are not a list of partition:offset, each partition once: give them like 0:120,1:118");
            }
        }
        return new EndOffsets(byPartition);
    }

    @Override
    public String toString() {
        return byPartition.entrySet().stream()
                .map(entry -> entry.getKey() + ":" + entry.getValue())
                .collect(Collectors.joining(","));
    }
}
