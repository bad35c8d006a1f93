package io.circuitstream.circuits.truth;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A B … A → B: a head that looks back one position, and one that looks for what came after the last token. What is copied
 * is the token itself or, with features, what a feature made of it, for a feature at the end.
 */
final class Induction {
    private static final List<String> LETTERS = List.of("a", "b", "c", "d", "e", "f", "g", "h");
    private static final int LENGTH = 7;

    private Induction() {}

    static Wiring wiring(boolean features) {
        Wiring wiring = new Wiring();
        Head previous = wiring.head(0);
        Head copy = wiring.head(1);
        for (int p = 1; p <= LENGTH; p++) {
            wiring.position(p, "position " + p);
            if (p > 1) {
                previous.match("position " + p, "position " + (p - 1));
            }
        }
        for (String letter : LETTERS) {
            wiring.token(letter);
            previous.move(letter, "after " + letter);
            copy.match(letter, "after " + letter).move(features ? "found " + letter : letter, "copied " + letter);
            if (features) {
                wiring.feature(Feature.any(0, "is " + letter, "found " + letter, letter))
                        .feature(Feature.any(1, "say " + letter, "say " + letter, "copied " + letter));
            }
            wiring.says((features ? "say " : "copied ") + letter, 8, letter);
        }
        return wiring.says("position " + LENGTH, 2, Wiring.UNKNOWN);
    }

    /** Every pair A B of different letters, somewhere among others. */
    static List<Task> tasks(boolean features) {
        Random random = new Random(7);
        List<Task> tasks = new ArrayList<>();
        for (String a : LETTERS) {
            for (String b : LETTERS) {
                if (a.equals(b)) {
                    continue;
                }
                List<String> words = new ArrayList<>(LETTERS);
                words.removeAll(List.of(a, b));
                Collections.shuffle(words, random);
                int at = random.nextInt(LENGTH - 2);
                words = new ArrayList<>(words.subList(0, LENGTH - 3));
                words.addAll(at, List.of(a, b));
                words.add(a);
                String token = Truth.token(at + 2);
                List<String> prompt = Truth.prompt(String.join(" ", words));
                String middle = "is " + b + "@" + (at + 2);
                tasks.add(
                        features
                                ? new Task(
                                        prompt,
                                        b,
                                        new Truth().path(token, middle, "say " + b + "@" + LENGTH, Truth.LOGIT),
                                        middle,
                                        Wiring.UNKNOWN)
                                : Task.direct(prompt, b, new Truth().path(token, Truth.LOGIT)));
            }
        }
        return tasks;
    }
}
