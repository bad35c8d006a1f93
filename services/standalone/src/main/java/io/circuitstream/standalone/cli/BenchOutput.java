package io.circuitstream.standalone.cli;

import io.circuitstream.standalone.bench.Machine;
import io.circuitstream.standalone.bench.Measured;
import io.circuitstream.standalone.bench.Report;
import io.circuitstream.standalone.bench.ReportJson;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a measurement says what it found. */
final class BenchOutput {
    @Option(names = "--json", description = "print one JSON document and nothing else")
    boolean json;

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec = CommandSpec.create();

    /** @throws ParameterException when it is less */
    void atLeast(String option, long value, long least) {
        if (value < least) {
            throw usage(option + " must be at least " + least + ", not " + value);
        }
    }

    ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    void print(Report report) {
        System.out.println(json ? ReportJson.of(report).toPrettyString() : text(report));
    }

    private static String text(Report report) {
        Machine machine = report.machine();
        Double own = machine.gemmOwnShapes();
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "machine, %d tensor threads: large products %.0f GFLOP/s, %scopy %.1f GB/s",
                machine.threads(),
                machine.gemm() / 1e9,
                own == null ? "" : String.format(Locale.ROOT, "own shapes %.0f GFLOP/s, ", own / 1e9),
                machine.copy() / 1e9));
        for (Measured result : report.results()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%n%s: %.2f %s (%.2f to %.2f); floor %.2f: %.2f times%n    %s",
                    result.name(),
                    result.median(),
                    result.unit(),
                    result.min(),
                    result.max(),
                    result.floor(),
                    result.ratio(),
                    result.parameters()));
        }
        return text.toString();
    }
}
