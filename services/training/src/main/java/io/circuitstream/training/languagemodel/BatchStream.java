package io.circuitstream.training.languagemodel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.training.checkpoint.Content;
import io.circuitstream.training.checkpoint.ResumableRandom;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.Example;
import io.circuitstream.training.corpus.PackedBatch;
import io.circuitstream.training.corpus.Packer;
import io.circuitstream.training.corpus.Vocabulary;
import java.util.List;

/**
 * The batches of a plan. Its place is kept as the random source's state and the examples that wait for room, because drawing
 * everything again takes ten seconds for a run of 4,000 steps.
 */
final class BatchStream {
    private static final String RANDOM = "batches.random";
    private static final String WAITING = "batches.waiting";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Corpus corpus;
    private final Packer packer;
    private final ResumableRandom random;

    BatchStream(Corpus corpus, Vocabulary vocabulary, TrainingPlan plan) {
        this.corpus = corpus;
        this.packer = new Packer(vocabulary, plan.rows(), plan.length());
        this.random = new ResumableRandom(plan.seed());
    }

    PackedBatch next() {
        return packer.next(corpus, random);
    }

    void save(Content content) {
        try {
            content.putLong(RANDOM, random.state());
            content.putText(WAITING, JSON.writeValueAsString(packer.waiting()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an example is texts only", e);
        }
    }

    void restore(Content content) {
        try {
            random.restore(content.longValue(RANDOM));
            packer.restore(List.of(JSON.readValue(content.text(WAITING), Example[].class)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the checkpoint's " + WAITING + " is damaged: " + e.getMessage(), e);
        }
    }
}
