package io.circuitstream.circuits.files;

import java.nio.file.Path;

/** A model or transcoder file that cannot be used: the message says which file, which tensor and what to do. */
public final class ModelFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ModelFileException(Path file, String problem) {
        super(file + ": " + problem);
    }

    public ModelFileException(Path file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
    }
}
