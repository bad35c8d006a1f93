package io.circuitstream.training.transcoder;

import java.util.Random;
import java.util.stream.IntStream;

/**
 * Which tokens each step sees: all of them in a new order each time round, less what does not fill a minibatch. The order
 * depends only on the seed and the round, so that a resumed run continues in it. Not thread-safe.
 */
final class TokenOrder {
    private final int tokens;
    private final int batch;
    private final long seed;
    private int[] order = new int[0];
    private int round = -1;

    TokenOrder(int tokens, int batch, long seed) {
        this.tokens = tokens;
        this.batch = batch;
        this.seed = seed;
    }

    Minibatch minibatch(Activations data, int step) {
        int perRound = tokens / batch;
        if (step / perRound != round) {
            round = step / perRound;
            order = shuffled(new Random(seed * 1_000_003 + round));
        }
        return Minibatch.of(data, order, step % perRound * batch, batch);
    }

    private int[] shuffled(Random random) {
        int[] shuffled = IntStream.range(0, tokens).toArray();
        for (int i = tokens - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = shuffled[i];
            shuffled[i] = shuffled[j];
            shuffled[j] = swapped;
        }
        return shuffled;
    }
}
