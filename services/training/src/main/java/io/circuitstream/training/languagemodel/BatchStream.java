package io.circuitstream.training.languagemodel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.training.checkpoint.Content;
import io.circuitstream.training.checkpoint.ResumableRandom;
import io.circuitstream.training.corpus.Line;
import io.circuitstream.training.corpus.LineSource;
import io.circuitstream.training.corpus.PackedBatch;
import io.circuitstream.training.corpus.Packer;
import java.util.List;

/**
 * The batches of a plan. Its place is kept as the random source's state and the lines that wait for room, because drawing
 * everything again takes ten seconds for a run of 4,000 steps.
 */
final class BatchStream {
    private static final String RANDOM = "batches.random";
    private static final String WAITING = "batches.waiting";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LineSource lines;
    private final Packer packer;
    private final ResumableRandom random;

    BatchStream(LineSource lines, TrainingPlan plan) {
        this.lines = lines;
        this.packer = new Packer(plan.rows(), plan.length());
        this.random = new ResumableRandom(plan.seed());
    }

    PackedBatch next() {
        return packer.next(lines, random);
    }

    void save(Content content) {
        try {
            content.putLong(RANDOM, random.state());
            content.putText(WAITING, JSON.writeValueAsString(packer.waiting()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a line is numbers only", e);
        }
    }

    void restore(Content content) {
        try {
            random.restore(content.longValue(RANDOM));
            packer.restore(List.of(JSON.readValue(content.text(WAITING), Line[].class)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the checkpoint's " + WAITING + " is damaged: " + e.getMessage(), e);
        }
    }
}
