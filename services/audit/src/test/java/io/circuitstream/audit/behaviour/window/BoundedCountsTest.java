package io.circuitstream.audit.behaviour.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.audit.behaviour.digest.Mix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BoundedCountsTest {

    @Test
    void shouldCountEverythingWhenItFits() {
        BoundedCounts<Long> counts = new BoundedCounts<>(3, Mix::of);
        add(counts, List.of(1L, 2L, 2L, 3L, 3L, 4L - 1));

        assertThat(counts.sampling()).isEqualTo(1);
        assertThat(counts.top(2))
                .containsExactly(new BoundedCounts.Counted<>(3L, 3, 9), new BoundedCounts.Counted<>(2L, 2, 4));
    }

    @Test
    void shouldOrderByUnitsAndThenByKeyWhenCountsAreEqual() {
        BoundedCounts<Long> counts = new BoundedCounts<>(10, Mix::of);
        counts.add(5L, 1);
        counts.add(4L, 1);
        counts.add(9L, 2);

        assertThat(counts.top(10)).extracting(BoundedCounts.Counted::key).containsExactly(9L, 4L, 5L);
    }

    @Test
    void shouldKeepTheSameKeysWithAllTheyHadInWhateverOrderTheyCome() {
        for (long seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            List<Long> keys = new ArrayList<>();
            Map<Long, Long> exact = new HashMap<>();
            for (int i = 0; i < 20_000; i++) {
                long key = random.nextInt(5_000);
                keys.add(key);
                exact.merge(key, 1L, Long::sum);
            }
            BoundedCounts<Long> one = new BoundedCounts<>(500, Mix::of);
            BoundedCounts<Long> other = new BoundedCounts<>(500, Mix::of);
            add(one, keys);
            Collections.shuffle(keys, random);
            add(other, keys);

            assertThat(one.top(1_000))
                    .as("seed %d", seed)
                    .isEqualTo(other.top(1_000))
                    .hasSizeBetween(100, 500);
            assertThat(one.top(1_000)).as("seed %d", seed).allSatisfy(c -> assertThat(c.circuits())
                    .isEqualTo(exact.get(c.key())));
            assertThat(one.sampling())
                    .as("seed %d", seed)
                    .isEqualTo(other.sampling())
                    .isLessThanOrEqualTo(1 / 8.);
            assertThat(one.size() / one.sampling()).as("seed %d", seed).isCloseTo(exact.size(), within(1_500.));
        }
    }

    private static void add(BoundedCounts<Long> counts, List<Long> keys) {
        keys.forEach(key -> counts.add(key, key));
    }
}
