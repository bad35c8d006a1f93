package io.circuitstream.dashboard.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
    private static final byte[] VALUE = {1};

    @TempDir
    Path folder;

    private static List<String> ascending(Reader from, char kind) {
        List<String> keys = new ArrayList<>();
        from.ascend(Key.of(kind).end(), (key, value) -> keys.add(Key.textAfter(key, 1)));
        return keys;
    }

    @Test
    void shouldSeeItsOwnChangesAndNobodyElseWhenAStepIsNotCommitted() {
        try (Store store = Store.open(folder)) {
            try (Step step = store.step()) {
                step.put(Key.of('a').end("x"), VALUE);
                step.put(Key.of('a').end("z"), VALUE);
                step.commit();
            }
            try (Step step = store.step()) {
                step.put(Key.of('a').end("y"), VALUE);
                step.delete(Key.of('a').end("x"));

                assertThat(step.get(Key.of('a').end("x"))).isNull();
                assertThat(ascending(step, 'a')).containsExactly("y", "z");
                assertThat(ascending(store, 'a')).containsExactly("x", "z");
            }
            assertThat(ascending(store, 'a')).as("discarded").containsExactly("x", "z");
        }
    }

    @Test
    void shouldVisitItsKindOnlyInBothDirections() {
        try (Store store = Store.open(folder);
                Step step = store.step()) {
            for (String key : List.of("1", "2", "3")) {
                step.put(Key.of('b').end(key), VALUE);
                step.put(Key.of('a').end(key), VALUE);
                step.put(Key.of('c').end(key), VALUE);
            }
            step.commit();

            List<String> down = new ArrayList<>();
            store.descend(Key.of('b').end(), Key.of('b').end("3"), (key, value) -> down.add(Key.textAfter(key, 1)));
            assertThat(down).containsExactly("2", "1");
            assertThat(ascending(store, 'b')).containsExactly("1", "2", "3");
        }
    }

    @Test
    void shouldSayWhichFolderWhenItIsOpenTwice() {
        try (Store store = Store.open(folder)) {
            assertThatThrownBy(() -> Store.open(folder))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(folder.toString());
            assertThat(store.bytes()).isNotNegative();
        }
    }

    @Test
    void shouldOrderByNumberThenTextWhenKeysHaveParts() {
        byte[] early = Key.of('k').text("ab").number(9).end("z");
        byte[] late = Key.of('k').text("ab").number(10).end("a");

        assertThat(java.util.Arrays.compareUnsigned(early, late)).isNegative();
        assertThat(java.util.Arrays.compareUnsigned(
                        Key.of('k').descending(9).end(),
                        Key.of('k').descending(10).end()))
                .isPositive();
    }
}
