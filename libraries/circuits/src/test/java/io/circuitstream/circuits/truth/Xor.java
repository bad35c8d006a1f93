package io.circuitstream.circuits.truth;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** AND and XOR of two flags. XOR needs AND one layer below: a layer of ReLUs on the flags would not do with one unit each. */
final class Xor {
    private Xor() {}

    static Wiring wiring() {
        Wiring wiring = new Wiring()
                .words("given", "with", "compute")
                .token("and", "operator")
                .token("xor", "operator");
        for (String flag : List.of("x", "y")) {
            wiring.token(flag + "0", "flag " + flag).token(flag + "1", "flag " + flag);
            wiring.feature(Feature.any(0, flag + " on", flag + "=1", flag + "1"))
                    .feature(Feature.any(0, flag + " off", flag + "=0", flag + "0"));
            wiring.head(1)
                    .match("operator", "flag " + flag)
                    .move(flag + "=1", "asked " + flag + "=1")
                    .move(flag + "=0", "asked " + flag + "=0");
        }
        Map<String, Double> different = Map.of("asked x=1", 2., "asked y=1", 2., "x∧y", -4., "xor", 2.);
        Map<String, Double> equal = Map.of("asked x=0", 2., "asked y=0", 2., "x∧y", 4., "xor", 2.);
        return wiring.feature(Feature.all(1, "both", "x∧y", "asked x=1", "asked y=1"))
                .feature(new Feature(2, "different", different, -3, Map.of("say true", 1.)))
                .feature(new Feature(2, "equal", equal, -5, Map.of("say false", 1.)))
                .feature(Feature.all(2, "and", "say true", "x∧y", "and"))
                .feature(new Feature(2, "not and", Map.of("and", 2., "x∧y", -2.), -1, Map.of("say false", 1.)))
                .says("say true", 8, "true")
                .says("say false", 8, "false")
                .unknownAt(6);
    }

    static List<Task> tasks() {
        List<Task> tasks = new ArrayList<>();
        for (int x = 0; x < 2; x++) {
            for (int y = 0; y < 2; y++) {
                List<String> prompt = new ArrayList<>(Truth.prompt("given x" + x + " with y" + y + " compute"));
                List<String> and = new ArrayList<>(prompt);
                and.add("and");
                prompt.add("xor");
                tasks.add(and(and, x + y));
                tasks.add(xor(prompt, x, y));
            }
        }
        return tasks;
    }

    private static Task and(List<String> prompt, int ones) {
        return ones == 2
                ? new Task(prompt, "true", both("and@6"), "both@6", "false")
                : new Task(prompt, "false", new Truth().path("#6", "not and@6", Truth.LOGIT), "not and@6", "unknown");
    }

    /** With one flag set, only that one is read: the other's AND is silent, and a graph shows what is there. */
    private static Task xor(List<String> prompt, int x, int y) {
        if (x + y == 2) {
            return new Task(prompt, "false", both("equal@6"), "both@6", "true");
        }
        if (x + y == 0) {
            Truth truth = new Truth()
                    .path("#2", "x off@2", "equal@6", Truth.LOGIT)
                    .path("#4", "y off@4", "equal@6")
                    .path("#6", "equal@6");
            return new Task(prompt, "false", truth, "equal@6", "unknown");
        }
        String on = x == 1 ? "x on@2" : "y on@4";
        Truth truth = new Truth()
                .path(x == 1 ? "#2" : "#4", on, "different@6", Truth.LOGIT)
                .path("#6", "different@6");
        return new Task(prompt, "true", truth, "different@6", "unknown");
    }

    private static Truth both(String last) {
        return new Truth()
                .path("#2", "x on@2", "both@6", last, Truth.LOGIT)
                .path("#4", "y on@4", "both@6")
                .path("#6", last);
    }
}
