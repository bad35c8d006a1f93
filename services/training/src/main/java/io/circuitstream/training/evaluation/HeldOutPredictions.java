package io.circuitstream.training.evaluation;

import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.training.documents.Document;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How well a language model predicts held-out texts.
 *
 * @param tokens predicted; the end of a text is none
 * @param loss mean −log p of them, nats
 * @param accuracy fraction of them that are the model's most probable token
 * @param answers how often the most probable tokens are the whole answer, given the text and the answer so far: one line a
 *     group, in the order of the documents; only documents whose answer is known
 */
public record HeldOutPredictions(long tokens, double loss, double accuracy, List<EvaluatedModel.TaskAccuracy> answers) {

    public HeldOutPredictions {
        answers = List.copyOf(answers);
    }

    private record Predicted(String group, int tokens, double loss, int right, boolean answered, boolean exact) {}

    private static final class Answers {
        private int prompts;
        private int exact;
    }

    /** Runs every document once, several at a time. */
    public static HeldOutPredictions measure(LanguageModel model, List<Document> documents) {
        List<Predicted> all = documents.parallelStream()
                .map(document -> predict(model, document))
                .toList();
        long tokens = all.stream().mapToLong(Predicted::tokens).sum();
        return new HeldOutPredictions(
                tokens,
                all.stream().mapToDouble(Predicted::loss).sum() / tokens,
                all.stream().mapToLong(Predicted::right).sum() / (double) tokens,
                answers(all));
    }

    /** Whether the model's most probable tokens are the document's whole answer. */
    public static boolean isExact(LanguageModel model, Document document) {
        return predict(model, document).exact;
    }

    /** All groups together, each prompt counting once; NaN without answers. */
    public double allAnswers() {
        double exact = answers.stream()
                .mapToDouble(line -> line.heldOutAccuracy() * line.prompts())
                .sum();
        return exact / prompts();
    }

    /** Documents whose answer is known. */
    public int prompts() {
        return answers.stream().mapToInt(EvaluatedModel.TaskAccuracy::prompts).sum();
    }

    private static List<EvaluatedModel.TaskAccuracy> answers(List<Predicted> all) {
        Map<String, Answers> counts = new LinkedHashMap<>();
        for (Predicted predicted : all) {
            if (predicted.answered) {
                Answers count = counts.computeIfAbsent(predicted.group, group -> new Answers());
                count.prompts++;
                count.exact += predicted.exact ? 1 : 0;
            }
        }
        return counts.entrySet().stream()
                .map(entry -> new EvaluatedModel.TaskAccuracy(
                        entry.getKey(),
                        entry.getValue().exact / (double) entry.getValue().prompts,
                        entry.getValue().prompts))
                .toList();
    }

    private static Predicted predict(LanguageModel model, Document document) {
        int[] tokens = document.tokens();
        int last = tokens.length - 1;
        double loss = 0;
        int right = 0;
        boolean exact = document.firstAnswer() < last;
        try (ForwardPass pass = Forward.run(model, tokens)) {
            for (int position = 0; position < last; position++) {
                float[] logits = pass.logits(position);
                int next = tokens[position + 1];
                boolean best = largest(logits) == next;
                loss += logSumExp(logits) - logits[next];
                right += best ? 1 : 0;
                exact &= best || position < document.firstAnswer();
            }
        }
        return new Predicted(document.group(), last, loss, right, document.firstAnswer() < last, exact);
    }

    private static double logSumExp(float[] logits) {
        double largest = logits[largest(logits)];
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return largest + Math.log(sum);
    }

    private static int largest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }
}
