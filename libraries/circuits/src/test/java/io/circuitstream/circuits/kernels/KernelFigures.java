package io.circuitstream.circuits.kernels;

import java.util.Collection;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * A measurement, not a test: every kernel by JMH, one thread, a JVM of its own each. Run it by {@code ./circuitstream test -pl
 * libraries/circuits -am -Dtest=KernelFigures -Dtest.excluded= -Dsurefire.failIfNoSpecifiedTests=false}; the table is in {@code
 * libraries/circuits/target/surefire-reports}.
 */
@Tag("benchmark")
class KernelFigures {

    @Test
    void measure() throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("io\\.circuitstream\\.circuits\\..*Kernel\\..*")
                        .forks(1)
                        .jvmArgsAppend("-Xmx2g")
                        .warmupIterations(5)
                        .warmupTime(TimeValue.milliseconds(400))
                        .measurementIterations(9)
                        .measurementTime(TimeValue.milliseconds(300))
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        System.out.printf("%-40s %-14s %10s %10s %10s  ms%n", "kernel", "", "median", "least", "most");
        for (RunResult result : results) {
            Statistics time = result.getPrimaryResult().getStatistics();
            String benchmark = result.getParams().getBenchmark();
            System.out.printf(
                    Locale.ROOT,
                    "%-40s %-14s %10.3f %10.3f %10.3f%n",
                    benchmark.replaceAll(".*\\.(\\w+\\.\\w+)", "$1"),
                    parameters(result),
                    time.getPercentile(50),
                    time.getMin(),
                    time.getMax());
        }
    }

    private static String parameters(RunResult result) {
        return String.join(
                " ",
                result.getParams().getParamsKeys().stream()
                        .map(result.getParams()::getParam)
                        .toList());
    }
}
