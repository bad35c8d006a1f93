package io.circuitstream.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.training.checkpoint.Checkpoints;
import io.circuitstream.training.checkpoint.UnfinishedRunException;
import io.circuitstream.training.languagemodel.AnswerAccuracy;
import io.circuitstream.training.transcoder.TranscoderFigures;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What the train commands share: two engine threads, progress on stderr, results on stdout, wrong sizes as wrong usage. */
final class TrainingConsole {
    /** Fixed: another number rounds sums differently, and the same seed would give other weights. */
    private static final int THREADS = 2;

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final CommandLine command;
    private final ProgressLine line;

    TrainingConsole(CommandSpec spec) {
        this.command = spec.commandLine();
        this.line = new ProgressLine(command.getErr(), Boolean.getBoolean("circuitstream.terminal.stderr"));
        TensorRuntime.start(THREADS);
    }

    /** A step that reads and writes files. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    /**
     * Does the work of a command and yields its exit code: 1 with a sentence if a file cannot be read or written.
     *
     * @throws ParameterException if an unfinished run is in the way: the user has to say what becomes of it
     */
    int run(Work work) {
        try (line) {
            work.run();
            return 0;
        } catch (UnfinishedRunException e) {
            throw new ParameterException(command, e.getMessage(), e);
        } catch (IOException e) {
            note("training failed: " + e.getMessage());
            return command.getCommandSpec().exitCodeOnExecutionException();
        }
    }

    void progress(Progress progress) {
        line.show(progress);
    }

    /** Where the user asked to continue: says whether there is something to continue. */
    void announce(Checkpoints checkpoints) {
        if (checkpoints.resume()) {
            note(
                    checkpoints.exist()
                            ? "continuing " + checkpoints.file()
                            : "nothing to continue, there is no " + checkpoints.file() + ": starting at the beginning");
        }
    }

    /** A line for whoever watches, beside the result. */
    void note(String sentence) {
        command.getErr().println(sentence);
        command.getErr().flush();
    }

    /** The only thing on stdout. */
    void json(Object result) throws IOException {
        command.getOut().println(JSON.writeValueAsString(result));
        command.getOut().flush();
    }

    /** Settings from options; what they refuse is the user's mistake. */
    <T> T settings(Supplier<T> settings) {
        try {
            return settings.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command, e.getMessage(), e);
        }
    }

    void accuracy(List<AnswerAccuracy> lines) {
        for (AnswerAccuracy line : lines) {
            print("%-18s %4d prompts  exact %.4f", line.task().id(), line.prompts(), line.fraction());
        }
        print("%-18s %4s          exact %.4f", "all", "", AnswerAccuracy.overall(lines));
    }

    void figures(TranscoderFigures figures) {
        for (int layer = 0; layer < figures.layers().size(); layer++) {
            TranscoderFigures.LayerFigures line = figures.layers().get(layer);
            print(
                    "layer %d  L0 %.1f  NMSE %.4f  dead %.3f",
                    layer, line.l0(), line.normalisedMse(), line.deadFraction());
        }
        print(
                "all      L0 %.1f  NMSE %.4f  dead %.3f",
                figures.totalL0(), figures.normalisedMse(), figures.deadFraction());
        print(
                "replacement model  same top token: answers %.4f, all positions %.4f  KL: answers %.4f, all positions %.4f",
                figures.answers().top1(),
                figures.all().top1(),
                figures.answers().klDivergence(),
                figures.all().klDivergence());
    }

    private void print(String format, Object... arguments) {
        command.getOut().println(String.format(Locale.ROOT, format, arguments));
        command.getOut().flush();
    }
}
