package io.circuitstream.training;

import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.platform.settings.SettingsException;
import io.circuitstream.platform.stream.StartupException;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** The trainer as a program of its own. */
public final class Main {
    private static final String LOG_SETTINGS = "logback.configurationFile";

    private Main() {}

    public static void main(String[] arguments) {
        // Only a default, and only here: inside another program its settings hold.
        System.getProperties().putIfAbsent(LOG_SETTINGS, "io/circuitstream/training/logback.xml");
        System.exit(new CommandLine(new TrainCommand())
                .setExecutionExceptionHandler(Main::explain)
                .execute(arguments));
    }

    /** Failures the user can do something about are told in a sentence; anything else is a bug and keeps its stack trace. */
    private static int explain(Exception failure, CommandLine command, ParseResult parsed) throws Exception {
        if (failure instanceof SettingsException) {
            command.getErr().println(failure.getMessage());
            return SettingsException.EXIT_CODE;
        }
        if (failure instanceof IOException
                || failure instanceof ModelFileException
                || failure instanceof StartupException
                || failure instanceof IllegalArgumentException) {
            command.getErr().println("training failed: " + failure.getMessage());
            return command.getCommandSpec().exitCodeOnExecutionException();
        }
        throw failure;
    }
}
