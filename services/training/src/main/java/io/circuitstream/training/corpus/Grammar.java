package io.circuitstream.training.corpus;

import java.util.List;
import java.util.Random;

/** Draws the examples of one task; the sequence depends only on the random source. Stateless. */
interface Grammar {

    Example draw(Random random);

    static <T> T pick(List<T> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }
}
