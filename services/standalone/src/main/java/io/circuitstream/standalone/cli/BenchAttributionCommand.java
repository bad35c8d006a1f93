package io.circuitstream.standalone.cli;

import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.standalone.bench.AttributionBench;
import io.circuitstream.standalone.bench.RandomModel;
import io.circuitstream.standalone.bench.Report;
import io.circuitstream.standalone.bench.TaskPrompts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "attribution",
        description =
                "Times attribution, exact and bounded, beside the arithmetic that it needs at least, and measures what"
                        + " the bounded one loses.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BenchAttributionCommand implements Callable<Integer> {
    private static final int SCALE_TOKENS = 32;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "PROMPT",
            description = "what to trace (default: the ten samples)")
    @Nullable
    String prompt;

    @Option(names = "--tokens", paramLabel = "N", description = "instead of a prompt: so many random tokens")
    @Nullable
    Integer tokens;

    @Option(
            names = "--scale",
            paramLabel = "DIR",
            description =
                    "a model of the size of GPT-2 small and a transcoder of 12 x 8,192 features, random, written into this"
                            + " folder if they are not there (2.8 GB)")
    @Nullable
    Path scale;

    @Option(
            names = "--epsilon",
            paramLabel = "E",
            split = ",",
            description =
                    "budgets of the bounded attribution, 0 to 1, separated by commas (default: ${DEFAULT-VALUE}); none"
                            + " with --no-bounded")
    List<Double> epsilons = List.of(.01, .02, .05, .1);

    @Option(
            names = "--no-bounded",
            description = "measure exact attribution only, which needs no graph with every edge")
    boolean exactOnly;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "times after a warm-up, 0 to count the warm-up itself (default: ${DEFAULT-VALUE})")
    int repeats = 7;

    @Mixin
    BenchOutput output = new BenchOutput();

    @Mixin
    ModelOptions model = new ModelOptions();

    @Override
    public Integer call() throws IOException {
        if (tokens != null) {
            output.atLeast("--tokens", tokens, 2);
        }
        output.atLeast("--repeats", repeats, 0);
        output.print(run());
        return 0;
    }

    private Report run() throws IOException {
        Path folder = model.model();
        Path transcoder = model.transcoder();
        if (scale != null) {
            RandomModel.SCALE.writeInto(scale);
            folder = scale.resolve("model");
            transcoder = scale.resolve("clt");
        }
        try (TraceableModel traceable = TraceableModel.load(folder, transcoder, model.threads())) {
            try (AttributionBench bench = new AttributionBench(traceable, prompts(traceable.model()), repeats)) {
                return bench.run(exactOnly ? List.of() : epsilons);
            }
        }
    }

    private List<int[]> prompts(LanguageModel language) throws IOException {
        if (tokens != null) {
            return List.of(random(language, tokens));
        }
        if (prompt != null) {
            return List.of(language.tokens().encode(prompt).ids());
        }
        if (scale != null) {
            return List.of(random(language, SCALE_TOKENS));
        }
        return TaskPrompts.samples(model.model()).stream()
                .map(text -> language.tokens().encode(text).ids())
                .toList();
    }

    /** Seeded, and what begins every prompt first. */
    private static int[] random(LanguageModel language, int length) {
        int[] ids = new SplittableRandom(1)
                .ints(length, 0, language.config().vocabulary())
                .toArray();
        if (language.tokens().begin() >= 0) {
            ids[0] = language.tokens().begin();
        }
        return ids;
    }
}
