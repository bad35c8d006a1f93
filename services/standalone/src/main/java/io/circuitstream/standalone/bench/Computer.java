package io.circuitstream.standalone.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Where, when and of which code figures were measured. */
public record Computer(
        String cpu, int cores, long memoryBytes, String system, String jdk, String commit, LocalDate date) {
    private static final Path CPU = Path.of("/proc/cpuinfo");

    /** This one, today. */
    public static Computer here(String commit) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Computer(
                processor(),
                system.getAvailableProcessors(),
                system.getTotalMemorySize(),
                system.getName() + " " + system.getArch(),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.version"),
                commit,
                LocalDate.now(ZoneOffset.UTC));
    }

    /** As the kernel names it; the architecture where it does not. */
    private static String processor() {
        if (!Files.isReadable(CPU)) {
            return System.getProperty("os.arch");
        }
        try (Stream<String> lines = Files.lines(CPU)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Section section() {
        return new Section(
                "Machine",
                "",
                List.of("", ""),
                List.of(
                        List.of("processor", cpu),
                        List.of("cores", String.valueOf(cores)),
                        List.of("memory", String.format(Locale.ROOT, "%.0f GiB", memoryBytes / (double) (1L << 30))),
                        List.of("system", system),
                        List.of("Java", jdk),
                        List.of("commit", commit),
                        List.of("date", date.toString())));
    }
}
