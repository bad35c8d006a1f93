package io.circuitstream.training.documents;

import io.circuitstream.training.corpus.Split;
import java.util.Iterator;
import java.util.List;

/** A corpus in three splits that share no text. */
public interface Documents {

    /**
     * Starts anew: every call yields the same documents in the same order. Finite, and possibly empty for the splits that
     * are held out, except for the training split of {@link DemoDocuments}, which never ends.
     */
    Iterator<Document> open(Split split);

    /** One line for a person: where from and how many. */
    String describe();

    /** Sentences on what is wrong with the corpus though it can be trained on. */
    default List<String> warnings() {
        return List.of();
    }
}
