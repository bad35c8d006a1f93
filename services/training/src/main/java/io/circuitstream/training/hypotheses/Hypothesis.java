package io.circuitstream.training.hypotheses;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/**
 * What a task's circuit is claimed to do, and the replacement of features that tests it.
 *
 * @param intervention in words
 * @param positions where features are replaced, −1 being the prompt's last
 * @param layers first and last where features are replaced
 */
public record Hypothesis(
        String task,
        String name,
        String claim,
        String intervention,
        Expectation expectation,
        List<Integer> positions,
        List<Integer> layers,
        List<Case> cases) {

    /** What the steered answers do if the claim holds. */
    public enum Expectation {
        FLIPS,
        STAYS
    }

    /**
     * One replacement.
     *
     * @param from prompts whose shared features are taken out
     * @param to prompts whose shared features are put in
     * @param steered prompts, of the kind of {@code from}
     */
    record Case(Prompts from, Prompts to, List<Steered> steered) {}

    /** @param expected answers, any of which counts */
    record Steered(String prompt, List<String> expected) {}

    /** Those of {@code hypotheses.yaml}, for the model that ships. */
    public static List<Hypothesis> load() {
        try (InputStream file = Objects.requireNonNull(
                Hypothesis.class.getResourceAsStream("/io/circuitstream/training/demo/hypotheses.yaml"))) {
            return new ObjectMapper(new YAMLFactory()).readValue(file, new TypeReference<List<Hypothesis>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException("hypotheses.yaml inside the training jar cannot be read", e);
        }
    }
}
