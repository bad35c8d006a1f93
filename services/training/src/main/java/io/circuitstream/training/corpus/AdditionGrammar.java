package io.circuitstream.training.corpus;

import java.util.Random;

/** Sums of two numbers below 100, one token a digit, the sum padded to three digits. */
final class AdditionGrammar implements Grammar {

    @Override
    public Example draw(Random random) {
        int a = random.nextInt(100);
        int b = random.nextInt(100);
        int sum = a + b;
        return Example.keyed(
                Task.ADDITION,
                a + "+" + b,
                "calc : %d %d + %d %d =".formatted(a / 10, a % 10, b / 10, b % 10),
                "%d %d %d".formatted(sum / 100, sum / 10 % 10, sum % 10));
    }
}
