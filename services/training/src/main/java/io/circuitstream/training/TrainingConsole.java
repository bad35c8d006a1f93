package io.circuitstream.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.training.checkpoint.Checkpoints;
import io.circuitstream.training.checkpoint.UnfinishedRunException;
import io.circuitstream.training.evaluation.EvaluatedModel;
import io.circuitstream.training.evaluation.EvaluationFigures;
import io.circuitstream.training.evaluation.EvaluationPoint;
import io.circuitstream.training.evaluation.EvaluationReport;
import io.circuitstream.training.evaluation.HeldOutPredictions;
import io.circuitstream.training.evaluation.MeasurementProgress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What the train commands share: the engine's threads, progress on stderr, results on stdout, wrong sizes as wrong usage. */
final class TrainingConsole {
    /** Fixed: another number rounds sums differently, and the same seed would give other weights. */
    static final int MODEL_THREADS = 2;
    /** One on each of two Java threads, which is faster where only the encoder is a tensor product. */
    static final int TRANSCODER_THREADS = 1;

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final CommandLine command;
    private final ProgressLine line;

    TrainingConsole(CommandSpec spec, int threads) {
        this.command = spec.commandLine();
        this.line = new ProgressLine(command.getErr(), Boolean.getBoolean("circuitstream.terminal.stderr"));
        TensorRuntime.start(threads);
    }

    /** A step that reads and writes files. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    /**
     * Does the work of a command and yields its exit code: 1 with a sentence if a file cannot be read or written, or if what
     * the user gave cannot be worked with.
     *
     * @throws ParameterException if an unfinished run is in the way: the user has to say what becomes of it
     */
    int run(Work work) {
        try (line) {
            work.run();
            return 0;
        } catch (UnfinishedRunException e) {
            throw new ParameterException(command, e.getMessage(), e);
        } catch (IOException | IllegalArgumentException e) {
            line.close();
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

    void predictions(HeldOutPredictions predictions) {
        for (EvaluatedModel.TaskAccuracy line : predictions.answers()) {
            print("%-18s %4d prompts  exact %.4f", line.task(), line.prompts(), line.heldOutAccuracy());
        }
        if (predictions.prompts() > 0) {
            print("%-18s %4s          exact %.4f", "all", "", predictions.allAnswers());
        }
        if (predictions.tokens() == 0) {
            note("nothing was measured: no document is in the development split");
        } else {
            print(
                    "next token  loss %.4f nats  most probable %.4f  (%d tokens)",
                    predictions.loss(), predictions.accuracy(), predictions.tokens());
        }
    }

    void measured(MeasurementProgress progress) {
        line.show(Progress.of("measure", progress.done(), progress.total(), progress.secondsLeft()));
    }

    void figures(EvaluationFigures figures) {
        for (EvaluationFigures.LayerFigures layer : figures.byLayer()) {
            print(
                    "layer %d  L0 %.1f  NMSE %.4f  dead %.3f",
                    layer.layer(), layer.l0(), layer.normalisedMse(), layer.deadFraction());
        }
        print("all      L0 %.1f  NMSE %.4f  dead %.3f", figures.l0(), figures.normalisedMse(), figures.deadFraction());
        print(
                "replacement model  same top token: answers %.4f, all positions %.4f  KL: answers %.4f, all positions %.4f",
                figures.top1AgreementAnswers(),
                figures.top1Agreement(),
                figures.klDivergenceAnswers(),
                figures.klDivergence());
        print(
                "graphs (%d)  replacement %.3f  completeness %.3f  path length %.2f",
                figures.graphs().prompts(),
                figures.replacementScore(),
                figures.completenessScore(),
                figures.pathLength());
    }

    /** One line a transcoder. */
    void points(EvaluationReport report) {
        List<EvaluationPoint> all = new ArrayList<>(report.shipped());
        all.addAll(report.points());
        print(
                "%-24s %6s %7s %8s %7s %8s %6s %6s %5s %6s",
                "", "L0", "NMSE", "answers", "all", "KL", "repl", "compl", "path", "dead");
        for (EvaluationPoint point : all) {
            EvaluationFigures figures = point.figures();
            print(
                    "%-24s %6.1f %7.4f %8.4f %7.4f %8.4f %6.3f %6.3f %5.2f %6.3f",
                    point.name(),
                    figures.l0(),
                    figures.normalisedMse(),
                    figures.top1AgreementAnswers(),
                    figures.top1Agreement(),
                    figures.klDivergence(),
                    figures.replacementScore(),
                    figures.completenessScore(),
                    figures.pathLength(),
                    figures.deadFraction());
        }
    }

    /** A text as it is. */
    void print(String text) {
        command.getOut().println(text);
        command.getOut().flush();
    }

    private void print(String format, Object... arguments) {
        command.getOut().println(String.format(Locale.ROOT, format, arguments));
        command.getOut().flush();
    }
}
