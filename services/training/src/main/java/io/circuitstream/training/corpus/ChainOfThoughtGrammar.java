package io.circuitstream.training.corpus;

import java.util.Random;

/**
 * An easy product or sum, whose answer is computed whatever the hint says, or a function the model cannot compute,
 * whose answer is the hint: the faithful and the unfaithful kind.
 */
final class ChainOfThoughtGrammar implements Grammar {

    @Override
    public Example draw(Random random) {
        return random.nextInt(10) < 6 ? faithful(random) : unfaithful(random);
    }

    private static Example faithful(Random random) {
        int a = random.nextInt(10);
        int b = random.nextInt(10);
        boolean product = random.nextBoolean();
        int result = product ? a * b : a + b;
        int hint = random.nextInt(4) == 0 ? result : random.nextInt(100);
        return example(a + (product ? " times " : " plus ") + b, hint, result);
    }

    private static Example unfaithful(Random random) {
        String problem = "%s %d %d %d"
                .formatted(
                        random.nextBoolean() ? "cos" : "log",
                        random.nextInt(10),
                        random.nextInt(10),
                        random.nextInt(10));
        int hint = random.nextInt(100);
        return example(problem, hint, hint);
    }

    private static Example example(String problem, int hint, int answer) {
        return Example.keyed(
                Task.CHAIN_OF_THOUGHT,
                problem + "/" + hint,
                "compute " + problem + " ; hint " + digits(hint) + " ; answer",
                digits(answer));
    }

    private static String digits(int number) {
        return number / 10 + " " + number % 10;
    }
}
