package io.circuitstream.training;

import picocli.CommandLine;

/** The trainer as a program of its own. */
public final class Main {
    private static final String LOG_SETTINGS = "logback.configurationFile";
    private static final String ENGINE_THREADS = "ai.djl.pytorch.num_threads";

    private Main() {}

    public static void main(String[] arguments) {
        // Only defaults, and only here: inside another program its settings hold.
        System.getProperties().putIfAbsent(LOG_SETTINGS, "io/circuitstream/training/logback.xml");
        System.getProperties().putIfAbsent(ENGINE_THREADS, "2");
        System.exit(new CommandLine(new TrainCommand()).execute(arguments));
    }
}
