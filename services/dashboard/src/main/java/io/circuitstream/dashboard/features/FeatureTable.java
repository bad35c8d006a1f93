package io.circuitstream.dashboard.features;

import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.store.Key;
import io.circuitstream.dashboard.store.Reader;
import io.circuitstream.dashboard.store.Step;
import io.circuitstream.events.FeatureDescription;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Features with their descriptions, labels and the circuits that they are in. */
public final class FeatureTable {
    private FeatureTable() {}

    /** Being a node of a circuit: influence over all positions, and the position where it is largest. */
    public record Use(double influence, int position) {}

    /** A circuit that a feature is in. */
    public record UseBy(String promptId, Use use) {}

    /** The description as it came, in the wire format. */
    public static Optional<byte[]> description(Reader from, FeatureKey key) {
        return Optional.ofNullable(from.get(key.description()));
    }

    public static Optional<FeatureRow> row(Reader from, FeatureKey key) {
        return Optional.ofNullable(from.get(key.row())).map(bytes -> Json.read(bytes, FeatureRow.class));
    }

    /** Every row there is. */
    public static void rows(Reader from, Consumer<FeatureRow> taker) {
        from.ascend(FeatureKey.rows(), (key, value) -> {
            taker.accept(Json.read(value, FeatureRow.class));
            return true;
        });
    }

    /** Takes a newer description; yields the row as it is then. */
    public static FeatureRow describe(Step step, FeatureKey key, FeatureDescription event, byte[] bytes) {
        step.put(key.description(), bytes);
        return change(step, key, row -> row.with(FeatureRow.Described.of(event)));
    }

    /** Takes a person's label, null taking it back; yields the row as it is then. */
    public static FeatureRow name(Step step, FeatureKey key, @Nullable String label) {
        return change(step, key, row -> row.named(label));
    }

    public static FeatureRow use(Step step, FeatureKey key, long at, String promptId, Use use) {
        step.put(key.use(at, promptId), Json.bytes(use));
        return change(step, key, row -> row.used(use.influence(), 1));
    }

    public static FeatureRow unuse(Step step, FeatureKey key, long at, String promptId, Use use) {
        step.delete(key.use(at, promptId));
        return change(step, key, row -> row.used(-use.influence(), -1));
    }

    private static FeatureRow change(Step step, FeatureKey key, UnaryOperator<FeatureRow> change) {
        FeatureRow row = change.apply(row(step, key).orElseGet(() -> FeatureRow.empty(key)));
        step.put(key.row(), Json.bytes(row));
        return row;
    }

    /** Shows the circuits that it is in, the newest first, at most so many, until no more are wanted. */
    public static void uses(Reader from, FeatureKey feature, int most, Predicate<UseBy> wanted) {
        byte[] prefix = feature.uses();
        int[] shown = {0};
        from.ascend(prefix, (key, value) -> {
            String promptId = Key.textAfter(key, prefix.length + Long.BYTES);
            return wanted.test(new UseBy(promptId, Json.read(value, Use.class))) && ++shown[0] < most;
        });
    }
}
