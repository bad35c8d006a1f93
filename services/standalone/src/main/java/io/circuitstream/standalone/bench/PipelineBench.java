package io.circuitstream.standalone.bench;

import ai.djl.ndarray.NDManager;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.StageProgress;
import io.circuitstream.events.Topics;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.StartupException;
import io.circuitstream.standalone.Deployment;
import io.circuitstream.standalone.trace.LocalTracer;
import io.circuitstream.standalone.trace.Trace;
import io.circuitstream.standalone.trace.TraceListener;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Times prompts through broker, registry and all four stages in this process, exactly once: what Kafka adds to one prompt, and
 * how many pass when many are waiting.
 */
public final class PipelineBench {
    private final Options options;
    private final Consumer<String> progress;

    /**
     * What to measure.
     *
     * @param deployment its data folder is the caller's to delete
     * @param samples texts of the prompts that are sent one at a time
     * @param texts texts of the prompts that are sent at once
     * @param single how many are sent one at a time
     * @param burst how many are sent at once
     * @param warmUp how many pass before, so that the code is compiled and every connection is made
     */
    public record Options(
            Deployment.Options deployment,
            List<String> samples,
            List<String> texts,
            int single,
            int burst,
            int warmUp) {}

    private PipelineBench(Options options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
    }

    /**
     * Runs without Kafka first, then with it.
     *
     * @param progress told what is being done, many times a second
     * @throws StartupException when a prompt fails
     */
    public static Report run(Options options, Consumer<String> progress) throws InterruptedException {
        return new PipelineBench(options, progress).run();
    }

    private Report run() throws InterruptedException {
        Deployment.Options where = options.deployment();
        double local;
        Machine machine;
        try (TraceableModel model = TraceableModel.load(where.model(), where.transcoder(), where.threads())) {
            NDManager manager = model.model().manager();
            progress.accept("machine");
            machine = new Machine(Products.large(manager), null, Products.copy(), where.threads());
            LocalTracer tracer = new LocalTracer(model, where.maxTokens());
            local(tracer, TaskPrompts.requests(options.samples(), options.warmUp(), "warm-up"));
            local = options.burst() / local(tracer, TaskPrompts.requests(options.texts(), options.burst(), "local"));
        }
        progress.accept("starting broker, registry and stages");
        List<Measured> results = new ArrayList<>();
        try (Deployment deployment = Deployment.start(where);
                PromptClient client = new PromptClient(deployment.settings())) {
            results.addAll(transport(deployment, client).results());
            results.addAll(burst(client, local).results());
        }
        return new Report(machine, results);
    }

    /** Seconds of all of them, one after the other. */
    private double local(LocalTracer tracer, List<PromptSubmitted> prompts) {
        long start = System.nanoTime();
        tracer.trace(prompts, new TraceListener() {
            private int done;

            @Override
            public void progress(StageProgress stage) {}

            @Override
            public void done(Trace trace) {
                if (!trace.ok()) {
                    throw new StartupException("prompt " + trace.report().getPromptId() + " cannot be measured: "
                            + trace.report().getMessage());
                }
                progress.accept("without Kafka " + ++done + "/" + prompts.size());
            }
        });
        return seconds(start);
    }

    private Transport transport(Deployment deployment, PromptClient client) throws InterruptedException {
        for (PromptSubmitted prompt : TaskPrompts.requests(options.samples(), options.warmUp(), "first")) {
            client.trace(List.of(prompt), done -> {});
        }
        double[] total = new double[options.single()];
        double[] compute = new double[options.single()];
        List<PromptSubmitted> prompts = TaskPrompts.requests(options.samples(), options.single(), "single");
        StageTimes first = StageTimes.of(deployment.meters());
        StageTimes before = first;
        for (int i = 0; i < total.length; i++) {
            long start = System.nanoTime();
            client.trace(List.of(prompts.get(i)), done -> {});
            total[i] = seconds(start);
            // A report is sent after its stage's timer was stopped.
            StageTimes after = StageTimes.of(deployment.meters());
            compute[i] = after.since(before).sum();
            before = after;
            progress.accept("one at a time " + (i + 1) + "/" + total.length);
        }
        List<Integer> sizes = sizes(deployment.settings());
        double floor = 0;
        try (TransactionHop hop = new TransactionHop(deployment.settings())) {
            for (int size : sizes) {
                progress.accept("bare transactions of " + size + " bytes");
                floor += hop.seconds(size);
            }
        }
        return new Transport(total, compute, before.since(first), sizes, floor);
    }

    private static List<Integer> sizes(Settings settings) {
        Topics topics = new Topics(settings.get(CommonSettings.TOPIC_PREFIX));
        List<Integer> sizes = new ArrayList<>();
        for (Event event : List.of(Event.INFERENCES, Event.GRAPHS, Event.CIRCUITS, Event.VALIDATIONS)) {
            sizes.add(RecordSizes.mean(settings, topics.name(event)));
        }
        return sizes;
    }

    private Burst burst(PromptClient client, double local) {
        List<PromptSubmitted> prompts = TaskPrompts.requests(options.texts(), options.burst(), "burst");
        List<Footprint> held = new ArrayList<>(List.of(Footprint.now()));
        double[] end = new double[prompts.size()];
        long start = System.nanoTime();
        client.trace(prompts, validated -> {
            end[validated - 1] = seconds(start);
            progress.accept("at once " + validated + "/" + prompts.size());
            while (held.size() <= Burst.SHARES.length && validated >= Burst.SHARES[held.size() - 1] * prompts.size()) {
                held.add(Footprint.now());
            }
        });
        return new Burst(end, local, held);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
