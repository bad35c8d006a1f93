package io.circuitstream.standalone.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.standalone.bench.AttributionBench;
import io.circuitstream.standalone.bench.Machine;
import io.circuitstream.standalone.bench.Measured;
import io.circuitstream.standalone.bench.Report;
import io.circuitstream.standalone.bench.ScaleModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "bench",
        description = "Measures how fast the work is, beside what this machine could do at most.",
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
    private enum What {
        attribution
    }

    @Parameters(index = "0", paramLabel = "WHAT", description = "${COMPLETION-CANDIDATES} (with pruning)")
    What what = What.attribution;

    @Parameters(index = "1", arity = "0..1", paramLabel = "PROMPT", description = "what to trace")
    @Nullable
    String prompt;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            description = "instead of a prompt: so many random tokens (default: ${DEFAULT-VALUE})")
    int tokens = 16;

    @Option(
            names = "--scale",
            paramLabel = "DIR",
            description =
                    "a model of the size of GPT-2 small and a transcoder of 12 x 8,192 features, random, written into this"
                            + " folder if they are not there (2.8 GB)")
    @Nullable
    Path scale;

    @Option(names = "--repeats", paramLabel = "N", description = "times (default: ${DEFAULT-VALUE})")
    int repeats = 7;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    boolean json;

    @Mixin
    ModelOptions model = new ModelOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (tokens < 2 || repeats < 1) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), "give at least 2 --tokens and 1 of --repeats");
        }
        Path folder = model.model();
        Path transcoder = model.transcoder();
        if (scale != null) {
            ScaleModel.writeInto(scale);
            folder = scale.resolve("model");
            transcoder = scale.resolve("clt");
        }
        try (TraceableModel traceable = TraceableModel.load(folder, transcoder, model.threads())) {
            int[] ids = prompt == null
                    ? random(traceable.model())
                    : traceable.model().tokens().encode(prompt).ids();
            print(AttributionBench.run(traceable, ids, repeats));
        }
        return 0;
    }

    /** Seeded, and what begins every prompt first. */
    private int[] random(LanguageModel language) {
        int[] ids = new SplittableRandom(1)
                .ints(tokens, 0, language.config().vocabulary())
                .toArray();
        if (language.tokens().begin() >= 0) {
            ids[0] = language.tokens().begin();
        }
        return ids;
    }

    private void print(Report report) {
        Machine machine = report.machine();
        if (json) {
            ObjectMapper mapper = new ObjectMapper();
            ObjectNode document = mapper.createObjectNode();
            document.putObject("machine")
                    .put("gemmGflops", machine.gemm() / 1e9)
                    .put("gemmGflopsOwnShapes", machine.gemmOwnShapes() / 1e9)
                    .put("copyGBps", machine.copy() / 1e9)
                    .put("threads", machine.threads());
            document.set("results", mapper.valueToTree(report.results()));
            System.out.println(document.toPrettyString());
            return;
        }
        System.out.printf(
                Locale.ROOT,
                "machine, %d threads: large products %.0f GFLOP/s, own shapes %.0f GFLOP/s, copy %.1f GB/s%n",
                machine.threads(),
                machine.gemm() / 1e9,
                machine.gemmOwnShapes() / 1e9,
                machine.copy() / 1e9);
        for (Measured result : report.results()) {
            System.out.printf(
                    Locale.ROOT,
                    "%-12s %9.2f ms (%.2f to %.2f); floor %.2f ms: %.2f times  %s%n",
                    result.name(),
                    result.median(),
                    result.min(),
                    result.max(),
                    result.floor(),
                    result.ratio(),
                    result.parameters());
        }
    }
}
