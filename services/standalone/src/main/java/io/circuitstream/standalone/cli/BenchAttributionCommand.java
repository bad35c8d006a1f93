package io.circuitstream.standalone.cli;

import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.standalone.bench.AttributionBench;
import io.circuitstream.standalone.bench.Report;
import io.circuitstream.standalone.bench.ScaleModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "attribution",
        description = "Times attribution and pruning of one prompt beside the arithmetic that they need at least.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BenchAttributionCommand implements Callable<Integer> {
    @Parameters(index = "0", arity = "0..1", paramLabel = "PROMPT", description = "what to trace")
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

    @Mixin
    BenchOutput output = new BenchOutput();

    @Mixin
    ModelOptions model = new ModelOptions();

    @Override
    public Integer call() throws IOException {
        output.atLeast("--tokens", tokens, 2);
        output.atLeast("--repeats", repeats, 1);
        output.print(run());
        return 0;
    }

    private Report run() throws IOException {
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
            return AttributionBench.run(traceable, ids, repeats);
        }
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
}
