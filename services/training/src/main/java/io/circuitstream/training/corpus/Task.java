package io.circuitstream.training.corpus;

/** A family of prompts: the ten miniatures of the Biology paper's case studies, and copying. */
public enum Task {
    TWO_HOP("two-hop", .20),
    PLANNING("planning", .10),
    ANTONYMS("antonyms", .15),
    ADDITION("addition", .14),
    DIAGNOSIS("diagnosis", .08),
    ENTITIES("entities", .07),
    REFUSAL("refusal", .04),
    SPELLED_KEY("spelled-key", .06),
    CHAIN_OF_THOUGHT("chain-of-thought", .07),
    HIDDEN_GOAL("hidden-goal", .05),
    /** Induction and indirect objects: trained and reported, but no case study of its own. */
    COPYING("copying", .04);

    private final String id;
    private final double share;

    Task(String id, double share) {
        this.id = id;
        this.share = share;
    }

    /** The name used in files, prompt ids and reports. */
    public String id() {
        return id;
    }

    /** Fraction of the training examples drawn from this family; all shares sum to 1. */
    double share() {
        return share;
    }
}
