package io.circuitstream.training.checkpoint;

import io.circuitstream.circuits.files.ModelFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Where and how often a run is saved, and whether it continues what it finds there.
 *
 * @param every steps between two checkpoints; the last step is saved too, so that a run whose weights could not be written
 *     need not repeat it
 */
public record Checkpoints(Path file, int every, boolean resume) {
    /** Safetensors inside, but no weights of a model or transcoder: content hashes must not count it. */
    private static final String NAME = "training.checkpoint";

    public Checkpoints {
        if (every < 1) {
            throw new IllegalArgumentException("there must be at least 1 step between checkpoints, not " + every);
        }
    }

    /** The checkpoint of a run that writes to this folder. */
    public static Checkpoints in(Path folder, int every, boolean resume) {
        return new Checkpoints(folder.resolve(NAME), every, resume);
    }

    /** Whether there is something to continue. */
    public boolean exist() {
        return Files.exists(file);
    }

    /** Whether to save after {@code step} of {@code steps} updates. */
    public boolean due(int step, int steps) {
        return step % every == 0 || step == steps;
    }

    /**
     * What a run continues from; empty when it starts from nothing.
     *
     * @throws UnfinishedRunException if an unfinished run is in the way, or of other settings: says what to do
     * @throws ModelFileException if the checkpoint is damaged
     */
    public Optional<Content> start(SortedMap<String, String> fingerprint) throws IOException {
        requireFree();
        if (!exist()) {
            return Optional.empty();
        }
        return Optional.of(Checkpoint.read(file, fingerprint));
    }

    /** Refuses to overwrite. @throws UnfinishedRunException if there is something to continue, but nobody asked for it */
    public void requireFree() {
        if (exist() && !resume) {
            throw new UnfinishedRunException(file + " holds " + Checkpoint.position(file)
                    + " of an unfinished run: add --resume to continue it, or delete the file to start again");
        }
    }

    public void save(SortedMap<String, String> fingerprint, Content content) throws IOException {
        Checkpoint.write(file, fingerprint, content);
    }

    /** After the results of the run are on disk. */
    public void delete() throws IOException {
        Files.deleteIfExists(file);
    }
}
