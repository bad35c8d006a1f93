package io.circuitstream.circuits.truth;

import java.util.List;

/** What the hand-built models do, each with every input that it is defined on. */
enum Mechanism {
    TWO_HOP("two-hop lookup", 1, "state of"),
    INDUCTION("induction, attention only", 2, ""),
    INDUCTION_FEATURES("induction, with features", 3, "is "),
    XOR("AND and XOR", 4, "both"),
    ADDITION("addition mod 7", 5, "pair"),
    REFUSAL("default refusal", 6, "known");

    /** A twentieth of what distractors write goes where it matters. */
    static final double LEAK = .05;

    private final String title;
    private final long seed;
    private final String middle;

    Mechanism(String title, long seed, String middle) {
        this.title = title;
        this.seed = seed;
        this.middle = middle;
    }

    String title() {
        return title;
    }

    /** The model, distractors included, which leak {@link #LEAK}. */
    Wiring wiring() {
        return wiring(LEAK);
    }

    Wiring wiring(double leak) {
        Wiring wiring =
                switch (this) {
                    case TWO_HOP -> TwoHop.wiring();
                    case INDUCTION -> Induction.wiring(false);
                    case INDUCTION_FEATURES -> Induction.wiring(true);
                    case XOR -> Xor.wiring();
                    case ADDITION -> Addition.wiring();
                    case REFUSAL -> Refusal.wiring(Refusal.PARTLY);
                };
        return wiring.distracted(seed, leak);
    }

    /** Every input. */
    List<Task> tasks() {
        return switch (this) {
            case TWO_HOP -> TwoHop.tasks();
            case INDUCTION -> Induction.tasks(false);
            case INDUCTION_FEATURES -> Induction.tasks(true);
            case XOR -> Xor.tasks();
            case ADDITION -> Addition.tasks();
            case REFUSAL -> Refusal.tasks();
        };
    }

    /** Whether a feature or a node is an intermediate result that the control takes away. */
    boolean isMiddle(String name) {
        return !middle.isEmpty() && name.startsWith(middle);
    }
}
