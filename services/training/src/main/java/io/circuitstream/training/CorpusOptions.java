package io.circuitstream.training;

import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.Vocabulary;
import io.circuitstream.training.documents.DemoDocuments;
import io.circuitstream.training.documents.DocumentEncoder;
import io.circuitstream.training.documents.Documents;
import io.circuitstream.training.documents.PromptTopicDocuments;
import io.circuitstream.training.documents.TextCorpus;
import io.circuitstream.training.documents.TextDocuments;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which texts are trained and measured on. */
final class CorpusOptions {
    @Option(
            names = "--corpus",
            paramLabel = "PATH",
            description =
                    "Texts: a .txt file with one a line, a .jsonl file with an object with text or tokenIds a line, or"
                            + " a folder of them; repeatable (default: the demo corpus, for the model that ships).")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--corpus-topic",
            paramLabel = "TOPIC",
            description =
                    "Prompts of a Kafka topic instead, for example circuitstream.prompts.v1, at --bootstrap-servers.")
    private @Nullable String topic;

    @Option(
            names = "--corpus-end",
            paramLabel = "OFFSETS",
            description =
                    "Read the topic up to here, as an earlier run printed it, such as 0:120,1:118 (default: up to its"
                            + " end now). A run that is resumed needs the same.")
    private @Nullable String end;

    @Option(
            names = "--context",
            defaultValue = "128",
            description = "Most tokens of one document; longer texts are cut (default: ${DEFAULT-VALUE}).")
    private int context;

    /**
     * Texts for a model that is trained from nothing; empty for the demo corpus.
     *
     * @param deployment where a topic is; asked only if there is one
     * @throws IllegalArgumentException if there is nothing to read
     */
    Optional<TextCorpus> texts(EventOptions deployment) {
        requireOneSource();
        if (topic != null) {
            return Optional.of(TextCorpus.ofTopic(deployment.settings(), topic, end));
        }
        return files.isEmpty() ? Optional.empty() : Optional.of(TextCorpus.ofFiles(files));
    }

    /** Most tokens of one document. */
    int context() {
        return context;
    }

    DocumentEncoder encoder(LanguageModel model) {
        return DocumentEncoder.of(model.name(), model.config(), model.tokens(), context);
    }

    private void requireOneSource() {
        if (topic != null && !files.isEmpty()) {
            throw new IllegalArgumentException("give --corpus or --corpus-topic, not both");
        }
    }

    /**
     * The corpus, for a model.
     *
     * @param seed of the order in which the demo corpus is drawn
     * @param heldOutPerTask most held-out prompts of a task of the demo corpus
     * @param deployment where a topic is; asked only if there is one
     * @throws IllegalArgumentException if there is nothing to read, or nothing that this model can read
     */
    Documents documents(LanguageModel model, long seed, int heldOutPerTask, EventOptions deployment) {
        DocumentEncoder encoder = encoder(model);
        requireOneSource();
        if (topic != null) {
            Settings settings = deployment.settings();
            return end == null
                    ? PromptTopicDocuments.read(settings, topic, encoder)
                    : PromptTopicDocuments.read(settings, topic, end, encoder);
        }
        if (!files.isEmpty()) {
            return TextDocuments.read(files, encoder);
        }
        for (String word : Vocabulary.load().words()) {
            if (model.tokens().single(word).isEmpty()) {
                throw new IllegalArgumentException("the demo corpus is for the model that ships: " + model.name()
                        + " does not know '" + word + "'; give texts with --corpus");
            }
        }
        return new DemoDocuments(Corpus.load(), model.tokens(), seed, heldOutPerTask);
    }
}
