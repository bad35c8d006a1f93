package io.circuitstream.standalone.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The folder that the project lies in, given by the launcher; the working directory otherwise. */
final class Home {
    private Home() {}

    static Path model() {
        return folder().resolve("models").resolve("tiny-ten");
    }

    static Path samples() {
        return model().resolve("samples.jsonl");
    }

    /** How the shipped transcoders fare; null when the file is not there. */
    static @Nullable Path evaluation() {
        Path file = folder().resolve("docs/evaluation/evaluation.json");
        return Files.isRegularFile(file) ? file : null;
    }

    /** The script that starts every command. */
    static Path launcher() {
        return folder().resolve("circuitstream").toAbsolutePath();
    }

    private static Path folder() {
        return Path.of(System.getProperty("circuitstream.home", "."));
    }
}
