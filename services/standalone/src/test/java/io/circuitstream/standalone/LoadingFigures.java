package io.circuitstream.standalone;

import io.circuitstream.circuits.replacement.ActiveFeatures;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.standalone.bench.RandomModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A measurement, not a test: how long the scale model and its transcoder take to load and to become a prompt's local replacement
 * model, and what the process held at most. Run it by {@code ./circuitstream test -pl services/standalone -am -Dtest=LoadingFigures
 * -Dtest.excluded= -Dsurefire.failIfNoSpecifiedTests=false}; its line is in target/surefire-reports.
 */
@Tag("benchmark")
class LoadingFigures {
    @TempDir
    Path folder;

    @Test
    void measure() throws IOException, InterruptedException {
        RandomModel.SCALE.writeInto(folder);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoadingFigures.class.getName(),
                        folder.resolve("model").toString(),
                        folder.resolve("clt").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        System.out.print(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        if (process.waitFor() != 0) {
            throw new IllegalStateException("the measured process failed");
        }
    }

    /** A process of its own, so that nothing counts but what it is about; the heap is that of a service. */
    public static void main(String[] folders) throws IOException {
        long start = System.nanoTime();
        try (TraceableModel traceable = TraceableModel.load(Path.of(folders[0]), Path.of(folders[1]), 2)) {
            double loaded = seconds(start);
            long peak = peakKilobytes();
            int[] prompt = IntStream.range(0, 32).map(i -> i * 1201 % 50_000).toArray();
            prompt[0] = 50_256;
            start = System.nanoTime();
            try (LocalReplacementModel local = traceable.local(prompt)) {
                double built = seconds(start);
                long weights = traceable.model().parameters()
                        + (long) RandomModel.SCALE.layers() * RandomModel.SCALE.features() * RandomModel.SCALE.width();
                System.out.printf(
                        Locale.ROOT,
                        "loaded in %.1f s, peak %d MB: %.0f MB are weights and encoders; 32 tokens: replacement model in"
                                + " %.1f s, %d active features, %.0f MB of decoder rows, peak %d MB%n",
                        loaded,
                        peak / 1000,
                        weights * 4e-6,
                        built,
                        local.features().count(),
                        activeRows(local.features()) * RandomModel.SCALE.width() * 4e-6,
                        peakKilobytes() / 1000);
            }
        }
    }

    /** Decoder rows, one for each layer that a feature writes to. */
    private static long activeRows(ActiveFeatures features) {
        return Arrays.stream(features.layer())
                .mapToLong(layer -> RandomModel.SCALE.layers() - layer)
                .sum();
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    /** What Linux says. */
    private static long peakKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
