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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Each measurement is a process of its own, made by the launcher: none inherits the heap or the threads of the one before. */
@Command(
        name = "all",
        description =
                "Runs every measurement with its default options, some fifteen minutes, and makes docs/benchmarks.md of"
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
        reports.put("attribution", run("attribution"));
        sections.add(BenchmarkDocument.attribution("Attribution, the shipped model", reports.get("attribution")));
        if (scale != null) {
            String folder = scale.toString();
            reports.put("attributionScale", run("attribution", "--scale", folder, "--threads", "2", "--repeats", "0"));
            sections.add(BenchmarkDocument.attribution(
                    "Attribution, the scale model at 32 tokens", reports.get("attributionScale")));
            reports.put(
                    "attributionScaleLong",
                    run(
                            "attribution",
                            "--scale",
                            folder,
                            "--threads",
                            "2",
                            "--tokens",
                            "128",
                            "--no-bounded",
                            "--repeats",
                            "0"));
            sections.add(BenchmarkDocument.attribution(
                    "Attribution, the scale model at 128 tokens", reports.get("attributionScaleLong")));
        }
        reports.put("scaling", run("scaling"));
        sections.add(BenchmarkDocument.scaling(reports.get("scaling")));
        reports.put("pruning", run("pruning"));
        sections.add(BenchmarkDocument.pruning(reports.get("pruning")));
        reports.put("pipeline", run("pipeline"));
        sections.add(BenchmarkDocument.pipeline(reports.get("pipeline")));
        reports.put("training", run("training"));
        sections.add(BenchmarkDocument.training(reports.get("training")));
        finish(reports, sections);
        return 0;
    }

    private void finish(Map<String, Report> reports, List<Section> sections) throws IOException {
        String commit = System.getProperty("circuitstream.commit", "unknown");
        String document = BenchmarkDocument.markdown(command(), Computer.here(commit), sections);
        if (write != null) {
            Files.writeString(write, document);
        }
        if (output.json) {
            ObjectNode json = new ObjectMapper().createObjectNode();
            reports.forEach((name, report) -> json.set(name, ReportJson.of(report)));
            System.out.println(json.toPrettyString());
        } else if (write == null) {
            System.out.print(document);
        }
    }

    private String command() {
        return "./circuitstream bench all"
                + (scale == null ? "" : " --scale DIR")
                + (write == null ? "" : " --write " + write);
    }

    private static Report run(String... what) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Home.launcher().toString(), "bench"));
        command.addAll(List.of(what));
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
