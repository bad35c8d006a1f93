package io.circuitstream.training.evaluation;

import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.training.documents.Document;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How often a model's most probable tokens are the whole answer, given the text and the answer so far. */
public final class HeldOutAnswers {
    private HeldOutAnswers() {}

    /** By group, in order; only documents whose answer is known count. */
    public static List<EvaluatedModel.TaskAccuracy> measure(LanguageModel model, List<Document> documents) {
        List<Document> answered = documents.stream()
                .filter(document -> document.firstAnswer() + 1 < document.tokens().length)
                .toList();
        List<Boolean> exact = answered.parallelStream()
                .map(document -> isExact(model, document))
                .toList();
        Map<String, int[]> counts = new TreeMap<>();
        for (int i = 0; i < exact.size(); i++) {
            int[] count = counts.computeIfAbsent(answered.get(i).group(), group -> new int[2]);
            count[0] += exact.get(i) ? 1 : 0;
            count[1]++;
        }
        return counts.entrySet().stream()
                .map(entry -> new EvaluatedModel.TaskAccuracy(
                        entry.getKey(), entry.getValue()[0] / (double) entry.getValue()[1], entry.getValue()[1]))
                .toList();
    }

    private static boolean isExact(LanguageModel model, Document document) {
        int[] tokens = document.tokens();
        try (ForwardPass pass = Forward.run(model, tokens)) {
            for (int position = document.firstAnswer(); position + 1 < tokens.length; position++) {
                if (largest(pass.logits(position)) != tokens[position + 1]) {
                    return false;
                }
            }
        }
        return true;
    }

    private static int largest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }
}
