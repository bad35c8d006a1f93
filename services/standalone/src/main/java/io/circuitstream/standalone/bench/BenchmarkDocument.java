package io.circuitstream.standalone.bench;

import java.util.List;

/** docs/benchmarks.md as text. Its prose is here, so that writing it again loses nothing. */
public final class BenchmarkDocument {
    private static final String INTRODUCTION = """
            # Benchmarks

            Every figure is the median of repeats after a warm-up, with the range beside it, and is held against a floor: what this machine
            needs for the same work at least, at the rates of matrix products and copies measured in the same run. The ratio is median over floor:
            times come near to 1 from above; rates (a second) should be high. The names under “with” are those of `bench … --json`.

            """;

    private static final String ATTRIBUTION =
            "Rows of the graph, all prompts together. The floor is the arithmetic that the rows need at least (a target needs only"
                    + " the layers below it and the positions up to its own, and of its own layer's attention one position), at the rate of products"
                    + " of the same shapes. With a budget ε the rows of the least influential features are left out: rowShare and"
                    + " operationShare are of the exact graph's; bound is what the event promises and largestMiss what the"
                    + " worst node really misses, both as shares of the targets' weight; jaccard compares the nodes of"
                    + " the pruned circuits.";

    private static final String SCALING =
            "Exact attribution on random models of the shipped model's shape (6 layers, width 128): first longer prompts with"
                    + " about ten active features a token and layer, then 64 tokens with more and more. Rows grow with the"
                    + " active features, which grow with the length; each row's projections grow with the length, and its"
                    + " contraction with the features before it: so the exponent goes from below 1, where small operations cost"
                    + " most, towards 2 in both, and beyond it with the length when the attention patterns, T² a row, begin to count.";

    private static final String PRUNING =
            "Pruning a random graph with the default thresholds, single-threaded. The floor is reading its"
                    + " stored rows once at the rate of a copy on one thread; pruning passes over them several times, in orders that do"
                    + " not fit the cache.";

    private static final String CIRCUITS =
            "The smallest circuits of the samples and of the tasks' held-out prompts that keep a share of their graph's"
                    + " completeness, everything removed counting as error, with features and errors ranked by influence and by"
                    + " greedy elimination, edge threshold 0.98. The floor is the same size by influence: a ratio below 1 is a"
                    + " smaller circuit for the same share.";

    private static final String PIPELINE =
            "Prompts through an embedded broker and registry and all four stages in one process, exactly once,"
                    + " seen by a read_committed client. *Transport* is the time from sending one prompt to its report, minus the time"
                    + " that the stages' own work took (timers around it; serialising counts as transport); its floor is four bare"
                    + " transactions with records of the same sizes, offsets included, at the same broker. *Throughput* is of prompts sent"
                    + " all at once, held against the same prompts by `trace --local`. Memory is taken after a tenth, half and all"
                    + " of those; stages hold arrays of the prompts they are working on, so the first two are higher.";

    private static final String CAPACITY =
            "What `circuitstream capacity` says of the samples, held against a deployment in one process with one thread for each stage:"
                    + " the floor is what it says, so the ratio is how far it is from what was measured. Prompts come at random times at"
                    + " 30, 60 and 80 % of what the slowest stage's thread can do; the simulation has the same arrivals and partitions."
                    + " Broker, client and all stages share the cores, which the simulation does not know.";

    private static final String TRAINING =
            "Training a cross-layer transcoder of the shipped model (six layers of 1,024 features, width 128, batches of"
                    + " 1,024 tokens), whole runs with their dense beginning. The floor is the rate at which the encoder's products of"
                    + " the forward pass alone would run, which sparse training cannot avoid; beside it the same loss as a dense step"
                    + " of the tensor library with autograd and Adam.";

    private BenchmarkDocument() {}

    /**
     * The document.
     *
     * @param command that makes it again
     */
    public static String markdown(String command, Computer computer, List<Section> sections) {
        StringBuilder text = new StringBuilder()
                .append("*Made by `")
                .append(command)
                .append("`; edits are lost.*\n\n")
                .append(INTRODUCTION)
                .append(computer.section().markdown());
        sections.forEach(section -> text.append(section.markdown()));
        return text.toString().stripTrailing() + "\n";
    }

    /** Of {@code bench attribution}. */
    public static Section attribution(String title, Report report) {
        return Section.of(title, ATTRIBUTION, report);
    }

    public static Section scaling(Report report) {
        return Section.of("Attribution, longer prompts and more features", SCALING, report);
    }

    public static Section pruning(Report report) {
        return Section.of("Pruning", PRUNING, report);
    }

    public static Section circuits(Report report) {
        return Section.of("Circuits of the same completeness", CIRCUITS, report);
    }

    public static Section pipeline(Report report) {
        return Section.of("Pipeline", PIPELINE, report);
    }

    public static Section capacity(Report report) {
        return Section.of("Capacity, predicted and measured", CAPACITY, report);
    }

    public static Section training(Report report) {
        return Section.of("Training", TRAINING, report);
    }
}
