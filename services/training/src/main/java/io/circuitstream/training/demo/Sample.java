package io.circuitstream.training.demo;

import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.Example;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.documents.DemoDocuments;
import io.circuitstream.training.evaluation.HeldOutPredictions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A held-out prompt that is traced, ending right before the word of interest.
 *
 * @param expected the word that follows the text
 */
record Sample(String promptId, String text, String expected, String task) {
    private static final int CANDIDATES = 200;

    /** The preferred prompt if it is held out and the model answers it, else the first test prompt it does answer. */
    static Optional<Sample> choose(
            int number, TaskDescription description, LanguageModel model, Corpus corpus, DemoDocuments documents) {
        List<Example> test = corpus.heldOut(description.family(), Split.TEST, CANDIDATES);
        TaskDescription.Preferred wanted = description.sample();
        Example preferred = corpus.testExample(description.family(), wanted.prompt(), wanted.answer());
        return Stream.concat(Stream.of(preferred), test.stream())
                .filter(example -> HeldOutPredictions.isExact(model, documents.document(example)))
                .findFirst()
                .map(example -> of(number, example, wanted.given()));
    }

    private static Sample of(int number, Example example, int given) {
        List<String> answer = List.of(example.answer().split(" ", -1));
        String written = String.join(" ", answer.subList(0, given));
        return new Sample(
                String.format(
                        Locale.ROOT, "sample-%02d-%s", number, example.task().id()),
                given == 0 ? example.prompt() : example.prompt() + " " + written,
                answer.get(given),
                example.task().id());
    }
}
