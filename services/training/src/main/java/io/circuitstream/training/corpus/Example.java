package io.circuitstream.training.corpus;

/**
 * One prompt and the answer that follows it, both as words separated by single spaces.
 *
 * @param key what the example tests; all examples with one key fall into one split. Empty for supporting lines, which
 *     state the facts a task composes and are always trained on.
 */
public record Example(Task task, String prompt, String answer, String key) {

    static Example keyed(Task task, String key, String prompt, String answer) {
        return new Example(task, prompt, answer, task.id() + "/" + key);
    }

    static Example supporting(Task task, String prompt, String answer) {
        return new Example(task, prompt, answer, "");
    }
}
