package io.circuitstream.training;

import io.circuitstream.circuits.files.ModelFileException;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** The trainer as a program of its own. */
public final class Main {
    private static final String LOG_SETTINGS = "logback.configurationFile";
    private static final String ENGINE_THREADS = "ai.djl.pytorch.num_threads";

    private Main() {}

    public static void main(String[] arguments) {
        // Only defaults, and only here: inside another program its settings hold.
        System.getProperties().putIfAbsent(LOG_SETTINGS, "io/circuitstream/training/logback.xml");
        System.getProperties().putIfAbsent(ENGINE_THREADS, "2");
        System.exit(new CommandLine(new TrainCommand())
                .setExecutionExceptionHandler(Main::explain)
                .execute(arguments));
    }

    /** Failures the user can do something about are told in a sentence; anything else is a bug and keeps its stack trace. */
    private static int explain(Exception failure, CommandLine command, ParseResult parsed) throws Exception {
        if (failure instanceof IOException
                || failure instanceof ModelFileException
                || failure instanceof IllegalArgumentException) {
            command.getErr().println("training failed: " + failure.getMessage());
            return command.getCommandSpec().exitCodeOnExecutionException();
        }
        throw failure;
    }
}
