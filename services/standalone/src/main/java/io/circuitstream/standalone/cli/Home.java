package io.circuitstream.standalone.cli;

import java.nio.file.Path;

/** The folder that the project lies in, given by the launcher; the working directory otherwise. */
final class Home {
    private Home() {}

    static Path model() {
        return folder().resolve("models").resolve("tiny-ten");
    }

    static Path samples() {
        return model().resolve("samples.jsonl");
    }

    /** The script that starts every command. */
    static Path launcher() {
        return folder().resolve("circuitstream").toAbsolutePath();
    }

    private static Path folder() {
        return Path.of(System.getProperty("circuitstream.home", "."));
    }
}
