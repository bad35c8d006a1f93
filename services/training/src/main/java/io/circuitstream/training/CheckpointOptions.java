package io.circuitstream.training;

import io.circuitstream.training.checkpoint.Checkpoints;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options of every command whose run takes minutes. */
final class CheckpointOptions {
    @Option(
            names = "--resume",
            description = "Continue the unfinished run in the folder; the result is the same to the byte.")
    private boolean resume;

    @Option(
            names = "--checkpoint-every",
            defaultValue = "500",
            description = "Steps between two checkpoints (default: ${DEFAULT-VALUE}).")
    private int every;

    /** @throws IllegalArgumentException if there is no step between checkpoints */
    Checkpoints in(Path folder) {
        return Checkpoints.in(folder, every, resume);
    }
}
