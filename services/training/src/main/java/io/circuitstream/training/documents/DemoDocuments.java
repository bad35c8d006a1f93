package io.circuitstream.training.documents;

import io.circuitstream.circuits.model.Tokens;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.Example;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.corpus.Task;
import java.util.Iterator;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The ten tasks and copying: training examples without end, mixed by the tasks' shares, and the held-out examples task by
 * task. END is no input, so it is in no document.
 */
public final class DemoDocuments implements Documents {
    private final Corpus corpus;
    private final Tokens tokens;
    private final long seed;
    private final int heldOutPerTask;

    /**
     * Draws nothing yet.
     *
     * @param tokens of the model that is trained for; stays the caller's
     * @param seed of the training split only: what is held out is always the same
     */
    public DemoDocuments(Corpus corpus, Tokens tokens, long seed, int heldOutPerTask) {
        this.corpus = corpus;
        this.tokens = tokens;
        this.seed = seed;
        this.heldOutPerTask = heldOutPerTask;
    }

    @Override
    public Iterator<Document> open(Split split) {
        if (split == Split.TRAIN) {
            Random random = new Random(seed);
            return Stream.generate(() -> document(corpus.drawTraining(random))).iterator();
        }
        return Stream.of(Task.values())
                .flatMap(task -> corpus.heldOut(task, split, heldOutPerTask).stream())
                .map(this::document)
                .iterator();
    }

    @Override
    public String describe() {
        return "the demo corpus: " + Task.values().length + " tasks drawn with seed " + seed + ", at most "
                + heldOutPerTask + " held-out prompts of each";
    }

    /** The example as the model reads it. */
    public Document document(Example example) {
        int prompt = tokens.encode(example.prompt()).ids().length;
        int[] ids = tokens.encode(example.prompt() + " " + example.answer()).ids();
        return new Document(example.task().id(), ids, prompt - 1);
    }
}
