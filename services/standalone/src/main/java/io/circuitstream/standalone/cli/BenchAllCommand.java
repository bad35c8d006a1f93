package io.circuitstream.standalone.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.platform.stream.StartupException;
import io.circuitstream.standalone.bench.BenchmarkDocument;
import io.circuitstream.standalone.bench.Computer;
import io.circuitstream.standalone.bench.Report;
import io.circuitstream.standalone.bench.ReportJson;
import io.circuitstream.standalone.bench.Section;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Each measurement is a process of its own, made by the launcher: none inherits the heap or the threads of the one before. */
@Command(
        name = "all",
        description =
                "Runs every measurement with its default options, half an hour and more (--scale: ten minutes more), and makes docs/benchmarks.md of"
                        + " them.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BenchAllCommand implements Callable<Integer> {
    @Option(names = "--write", paramLabel = "FILE", description = "write the document to this file, not to stdout")
    @Nullable
    Path write;

    @Option(
            names = "--scale",
            paramLabel = "DIR",
            description = "measure attribution also for the scale model in this folder, see bench attribution")
    @Nullable
    Path scale;

    @Mixin
    BenchOutput output = new BenchOutput();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path file = write == null ? null : write.toAbsolutePath();
        if (file != null && !Files.isDirectory(file.getParent())) {
            throw output.usage("--write: there is no folder " + file.getParent());
        }
        Map<String, Report> reports = new LinkedHashMap<>();
        List<Section> sections = new ArrayList<>();
        boolean complete = true;
        for (Part part : parts()) {
            try {
                Report report = run(part.command());
                reports.put(part.name(), report);
                sections.add(part.section().apply(report));
                // After each: what took minutes is not lost with what comes later.
                write(sections);
            } catch (StartupException e) {
                System.err.println(e.getMessage());
                complete = false;
            }
        }
        finish(reports, sections);
        return complete ? 0 : 1;
    }

    private record Part(String name, List<String> command, Function<Report, Section> section) {}

    private List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        parts.add(new Part(
                "attribution",
                List.of("attribution"),
                report -> BenchmarkDocument.attribution("Attribution, the shipped model", report)));
        parts.add(new Part("scaling", List.of("scaling"), BenchmarkDocument::scaling));
        parts.add(new Part("pruning", List.of("pruning"), BenchmarkDocument::pruning));
        parts.add(new Part("circuits", List.of("circuits"), BenchmarkDocument::circuits));
        parts.add(new Part("pipeline", List.of("pipeline"), BenchmarkDocument::pipeline));
        parts.add(new Part("capacity", List.of("capacity"), BenchmarkDocument::capacity));
        parts.add(new Part("training", List.of("training"), BenchmarkDocument::training));
        if (scale != null) {
            parts.add(scale("attributionScale", "32"));
            parts.add(scale("attributionScaleLong", "128", "--no-bounded"));
        }
        return parts;
    }

    private Part scale(String name, String tokens, String... more) {
        List<String> command = new ArrayList<>(
                List.of("attribution", "--scale", String.valueOf(scale), "--threads", "2", "--repeats", "0"));
        command.addAll(List.of("--tokens", tokens));
        command.addAll(List.of(more));
        return new Part(
                name,
                command,
                report ->
                        BenchmarkDocument.attribution("Attribution, the scale model at " + tokens + " tokens", report));
    }

    private void finish(Map<String, Report> reports, List<Section> sections) {
        if (output.json) {
            ObjectNode json = new ObjectMapper().createObjectNode();
            reports.forEach((name, report) -> json.set(name, ReportJson.of(report)));
            System.out.println(json.toPrettyString());
        } else if (write == null) {
            System.out.print(document(sections));
        }
    }

    private void write(List<Section> sections) throws IOException {
        if (write != null) {
            Files.writeString(write, document(sections));
        }
    }

    private String document(List<Section> sections) {
        String commit = System.getProperty("circuitstream.commit", "unknown");
        return BenchmarkDocument.markdown(command(), Computer.here(commit), sections);
    }

    private String command() {
        return "./circuitstream bench all"
                + (scale == null ? "" : " --scale DIR")
                + (write == null ? "" : " --write " + write);
    }

    private static Report run(List<String> what) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Home.launcher().toString(), "bench"));
        command.addAll(what);
        command.add("--json");
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String document = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new StartupException(String.join(" ", command) + " failed: see above");
        }
        return ReportJson.read(document);
    }
}
