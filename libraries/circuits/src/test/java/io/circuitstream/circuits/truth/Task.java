package io.circuitstream.circuits.truth;

import java.util.List;

/**
 * A prompt with what is known of it.
 *
 * @param answer what the model must say
 * @param against the graph is of the answer's logit minus this word's; empty for the top logits
 * @param middle the intermediate result that a graph must not miss; empty where the mechanism has none
 * @param through what the strongest path from a token to the logit leads through; empty where it is direct
 * @param ablated what the model says when the middle is ablated
 */
record Task(
        List<String> prompt,
        String answer,
        String against,
        Truth truth,
        String middle,
        String through,
        String ablated) {

    Task(List<String> prompt, String answer, Truth truth, String middle, String ablated) {
        this(prompt, answer, "", truth, middle, middle, ablated);
    }

    /** Of an answer that has no intermediate result. */
    static Task direct(List<String> prompt, String answer, Truth truth) {
        return new Task(prompt, answer, truth, "", answer);
    }
}
