package io.circuitstream.circuits.truth;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** a + b mod n: operands by place, a lookup of pairs, and sums that many pairs lead to. */
final class Addition {
    private static final int N = 7;

    private Addition() {}

    static Wiring wiring() {
        Wiring wiring =
                new Wiring().words("+").token("=", "ask").position(1, "place 1").position(3, "place 2");
        IntStream.range(0, N).forEach(digit -> wiring.token("" + digit));
        for (int place = 1; place <= 2; place++) {
            Head head = wiring.head(1).match("ask", "place " + place);
            for (int digit = 0; digit < N; digit++) {
                String operand = "operand " + place + " is " + digit;
                wiring.feature(Feature.all(0, operand, operand, "" + digit, "place " + place));
                head.move(operand, "asked " + operand);
            }
        }
        for (int sum = 0; sum < N; sum++) {
            for (int a = 0; a < N; a++) {
                int b = Math.floorMod(sum - a, N);
                wiring.feature(Feature.all(
                        1, "pair " + a + " " + b, "sum " + sum, "asked operand 1 is " + a, "asked operand 2 is " + b));
            }
            wiring.feature(Feature.any(2, "sum " + sum, "say " + sum, "sum " + sum))
                    .says("say " + sum, 8, "" + sum);
        }
        return wiring.unknownAt(4);
    }

    static List<Task> tasks() {
        List<Task> tasks = new ArrayList<>();
        for (int a = 0; a < N; a++) {
            for (int b = 0; b < N; b++) {
                String pair = "pair " + a + " " + b + "@4";
                String sum = "" + (a + b) % N;
                Truth truth = new Truth()
                        .path("#1", "operand 1 is " + a + "@1", pair, "sum " + sum + "@4", Truth.LOGIT)
                        .path("#3", "operand 2 is " + b + "@3", pair);
                tasks.add(new Task(Truth.prompt(a + " + " + b + " ="), sum, truth, pair, Wiring.UNKNOWN));
            }
        }
        return tasks;
    }
}
