package io.circuitstream.standalone.cli;

import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.circuits.graphfile.GraphFileException;
import io.circuitstream.embedded.EmbeddedException;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.platform.settings.SettingsException;
import io.circuitstream.platform.stream.StartupException;
import io.circuitstream.training.EvaluateCommand;
import io.circuitstream.training.TrainCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. Exit codes: 0 ok, 1 the work failed, 2 wrong usage, 64 wrong settings. */
@Command(
        name = "circuitstream",
        description = "Circuit tracing for language models as a streaming service on Kafka.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            TraceCommand.class,
            SteerCommand.class,
            CircuitCommand.class,
            BenchCommand.class,
            CapacityCommand.class,
            TrainCommand.class,
            EvaluateCommand.class,
            ExportCommand.class,
            LabelCommand.class,
            TopicsCommand.class,
            DeadLettersCommand.class,
            VerifyAuditCommand.class,
            VersionCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Circuitstream {
    private Circuitstream() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Runs one command and yields its exit code. */
    static int run(String... arguments) {
        EventClasses.trust();
        return new CommandLine(new Circuitstream())
                .setExecutionExceptionHandler(Circuitstream::failed)
                .setUsageHelpAutoWidth(true)
                .execute(arguments);
    }

    /** Expected failures are a sentence; anything else is a bug and shows where. */
    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        if (e instanceof SettingsException) {
            command.getErr().println(e.getMessage());
            return SettingsException.EXIT_CODE;
        }
        if (e instanceof ModelFileException
                || e instanceof GraphFileException
                || e instanceof EmbeddedException
                || e instanceof StartupException) {
            command.getErr().println(e.getMessage());
        } else {
            e.printStackTrace(command.getErr());
        }
        return 1;
    }
}
