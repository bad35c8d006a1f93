package io.circuitstream.description.endpoint;

import io.circuitstream.events.Columns;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.events.FeatureExample;
import io.circuitstream.events.FeatureQuantile;
import io.circuitstream.events.TokenEffect;
import java.util.List;
import java.util.stream.Collectors;

/** What a language model is told of a feature. */
final class Question {
    static final String INSTRUCTION = "You name features of a language model. You are given texts in which a feature is"
            + " active, its active tokens between << and >>, the strongest between <<< and >>>, and tokens that it promotes."
            + " Answer with a short name of at most eight words for what it responds to, and nothing else.";

    private static final int EXAMPLES = 8;

    private Question() {}

    static String of(FeatureDescription feature) {
        String texts = feature.getQuantiles().stream()
                .map(FeatureQuantile::getExamples)
                .flatMap(List::stream)
                .limit(EXAMPLES)
                .map(example -> "- " + marked(example))
                .collect(Collectors.joining("\n"));
        String promoted =
                feature.getPromoted().stream().map(TokenEffect::getToken).collect(Collectors.joining(", "));
        return "Texts:\n" + texts + "\nPromoted tokens: " + promoted;
    }

    private static String marked(FeatureExample example) {
        float[] activations = Columns.floats(example.getActivations());
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < activations.length; i++) {
            String token = example.getTokens().get(i);
            text.append(i == 0 ? "" : " ");
            if (i == example.getPeak()) {
                text.append("<<<").append(token).append(">>>");
            } else if (activations[i] > 0) {
                text.append("<<").append(token).append(">>");
            } else {
                text.append(token);
            }
        }
        return text.toString();
    }
}
