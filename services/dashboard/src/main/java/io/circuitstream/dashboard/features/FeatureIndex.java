package io.circuitstream.dashboard.features;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The rows of all features in memory, about 250 bytes each: searching through them takes milliseconds. Beyond {@code capacity} new
 * ones are not taken; they are still found by their key. Thread-safe.
 */
public final class FeatureIndex {
    private final Map<String, ConcurrentSkipListMap<Long, FeatureRow>> scans = new ConcurrentHashMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final int capacity;

    public FeatureIndex(int capacity) {
        this.capacity = capacity;
    }

    /** What a table is sorted by, the largest first; labels in alphabetical order, unlabelled features last. */
    public enum Sort {
        INFLUENCE,
        DENSITY,
        SCORE,
        LABEL;

        private Comparator<FeatureRow> order() {
            Comparator<FeatureRow> first =
                    switch (this) {
                        case INFLUENCE ->
                            Comparator.comparingDouble(FeatureRow::influence).reversed();
                        case DENSITY ->
                            Comparator.comparingDouble(FeatureRow::density).reversed();
                        case SCORE ->
                            Comparator.comparingDouble(FeatureRow::score).reversed();
                        case LABEL ->
                            Comparator.<FeatureRow, Boolean>comparing(
                                            row -> row.label().isEmpty())
                                    .thenComparing(row -> row.label().toLowerCase(Locale.ROOT));
                    };
            return first.thenComparingInt(FeatureRow::layer).thenComparingInt(FeatureRow::feature);
        }
    }

    /**
     * What is asked of the table; null does not restrict.
     *
     * @param text part of a label, in any case
     */
    public record Query(
            @Nullable String scan,
            @Nullable Integer layer,
            @Nullable String text,
            Sort sort) {}

    /**
     * A part of the table.
     *
     * @param total of the rows that match, of which these are a part
     */
    public record Page(int total, List<FeatureRow> rows) {}

    public void put(FeatureRow row) {
        ConcurrentSkipListMap<Long, FeatureRow> rows =
                scans.computeIfAbsent(row.scan(), scan -> new ConcurrentSkipListMap<>());
        long place = row.key().place();
        if (rows.replace(place, row) == null && size.get() < capacity && rows.putIfAbsent(place, row) == null) {
            size.incrementAndGet();
        }
    }

    public Optional<FeatureRow> find(FeatureKey key) {
        ConcurrentSkipListMap<Long, FeatureRow> rows = scans.get(key.scan());
        return rows == null ? Optional.empty() : Optional.ofNullable(rows.get(key.place()));
    }

    /** All rows of a scan by layer and feature. */
    public Collection<FeatureRow> of(String scan) {
        ConcurrentSkipListMap<Long, FeatureRow> rows = scans.get(scan);
        return rows == null ? List.of() : rows.values();
    }

    public Page page(Query query, int offset, int limit) {
        String text = query.text() == null ? "" : query.text().toLowerCase(Locale.ROOT);
        List<FeatureRow> found = new ArrayList<>();
        scans.forEach((scan, rows) -> {
            if (query.scan() == null || query.scan().equals(scan)) {
                rows.values().stream()
                        .filter(row -> query.layer() == null || query.layer() == row.layer())
                        .filter(row -> row.matches(text))
                        .forEach(found::add);
            }
        });
        found.sort(query.sort().order());
        int from = Math.min(offset, found.size());
        return new Page(found.size(), List.copyOf(found.subList(from, Math.min(found.size(), from + limit))));
    }

    public int size() {
        return size.get();
    }
}
