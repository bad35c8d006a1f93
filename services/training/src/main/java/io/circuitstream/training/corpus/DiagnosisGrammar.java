package io.circuitstream.training.corpus;

import static io.circuitstream.training.corpus.Grammar.pick;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Three of a disease's five symptoms, then the sign to check next. Diseases share at most two symptoms, so three decide.
 * Naming the disease is always trained on; which triple calls for which check is held out.
 */
final class DiagnosisGrammar implements Grammar {
    private static final int FIRST_SYMPTOM = 2;

    private final List<List<String>> diseases;

    DiagnosisGrammar(WordLists words) {
        this.diseases = WordLists.columns(words.diseases());
    }

    @Override
    public Example draw(Random random) {
        List<String> row = pick(diseases, random);
        List<String> symptoms = new ArrayList<>(row.subList(FIRST_SYMPTOM, row.size()));
        Collections.shuffle(symptoms, random);
        List<String> shown = symptoms.subList(0, 3);
        String patient = "patient has %s , %s and %s .".formatted(shown.get(0), shown.get(1), shown.get(2));
        if (random.nextInt(5) < 2) {
            return Example.supporting(Task.DIAGNOSIS, patient + " the disease is", row.get(0));
        }
        String key = String.join(",", shown.stream().sorted().toList());
        return Example.keyed(Task.DIAGNOSIS, key, patient + " next check for", row.get(1));
    }
}
