package io.circuitstream.training.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResumableRandomTest {

    @Test
    void shouldDrawWhatTheJdkDrawsWhenTheSeedIsTheSame() {
        for (long seed : new long[] {0, 1, -7, Long.MAX_VALUE}) {
            assertThat(draw(new ResumableRandom(seed))).isEqualTo(draw(new Random(seed)));
        }
    }

    @Test
    void shouldGoOnWithTheSameNumbersWhenRestored() {
        ResumableRandom first = new ResumableRandom(5);
        draw(first);
        ResumableRandom second = new ResumableRandom(6);

        second.restore(first.state());

        assertThat(draw(second)).isEqualTo(draw(first));
    }

    /** Every kind of number the corpus and the trainers draw, bounds that are powers of two and that are not. */
    private static List<Object> draw(Random random) {
        List<Object> drawn = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            drawn.addAll(List.of(
                    random.nextInt(),
                    random.nextInt(64),
                    random.nextInt((1 << 30) + 1),
                    random.nextInt(3, 90),
                    random.nextLong(),
                    random.nextBoolean(),
                    random.nextFloat(),
                    random.nextDouble()));
            List<Integer> deck = new ArrayList<>(IntStream.range(0, 9).boxed().toList());
            Collections.shuffle(deck, random);
            drawn.add(deck);
        }
        return drawn;
    }
}
