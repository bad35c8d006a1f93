package io.circuitstream.training.transcoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokenOrderTest {
    private static final int TOKENS = 30;
    private static final int BATCH = 7;
    private static final int PER_ROUND = TOKENS / BATCH;

    private final Activations data = activations();

    @Test
    void shouldShowEveryTokenOnceARoundInANewOrderWhenRoundsGoOn() {
        TokenOrder order = new TokenOrder(TOKENS, BATCH, 3);
        Set<String> rounds = new HashSet<>();
        for (int round = 0; round < 3; round++) {
            Set<Integer> seen = new HashSet<>();
            StringBuilder ids = new StringBuilder();
            for (int step = 0; step < PER_ROUND; step++) {
                for (int id : order.minibatch(data, round * PER_ROUND + step).ids) {
                    assertThat(seen.add(id)).isTrue();
                    ids.append(id).append(' ');
                }
            }
            rounds.add(ids.toString());
        }

        assertThat(rounds).hasSize(3);
    }

    @Test
    void shouldContinueTheSameOrderWhenStartedInTheMiddle() {
        TokenOrder through = new TokenOrder(TOKENS, BATCH, 3);
        for (int step = 0; step < 9; step++) {
            through.minibatch(data, step);
        }

        int[] resumed = new TokenOrder(TOKENS, BATCH, 3).minibatch(data, 9).ids;

        assertThat(resumed).isEqualTo(through.minibatch(data, 9).ids);
        assertThat(new TokenOrder(TOKENS, BATCH, 4).minibatch(data, 9).ids).isNotEqualTo(resumed);
    }

    private static Activations activations() {
        TranscoderShape shape = new TranscoderShape(TranscoderKind.PLT, 1, 2, 1, false);
        return Activations.normalised(
                RandomSites.raw(shape, TOKENS, new Random(1), 0, 1),
                RandomSites.raw(shape, TOKENS, new Random(2), 0, 1),
                new float[0][][],
                "");
    }
}
