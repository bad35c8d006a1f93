package io.circuitstream.training;

import picocli.CommandLine;

/** The trainer as a program of its own. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new TrainCommand()).execute(arguments));
    }
}
