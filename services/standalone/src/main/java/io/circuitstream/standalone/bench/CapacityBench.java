package io.circuitstream.standalone.bench;

import ai.djl.ndarray.NDManager;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Topics;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.standalone.Deployment;
import io.circuitstream.standalone.capacity.Arrivals;
import io.circuitstream.standalone.capacity.CapacityPlan;
import io.circuitstream.standalone.capacity.CapacityPlan.Load;
import io.circuitstream.standalone.capacity.CapacityPlan.StagePlan;
import io.circuitstream.standalone.capacity.CapacityPlan.TopicPlan;
import io.circuitstream.standalone.capacity.CostProbe;
import io.circuitstream.standalone.capacity.Latency;
import io.circuitstream.standalone.capacity.PromptCost;
import io.circuitstream.standalone.capacity.Simulation;
import io.circuitstream.standalone.trace.LocalTracer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Holds what {@code circuitstream capacity} says against a deployment in this process: how many prompts pass a second, how long
 * they take when they come at random, and how many bytes lie in the topics.
 */
public final class CapacityBench {
    private static final int[] ONE_THREAD_EACH = {1, 1, 1, 1};

    private final Options options;
    private final Consumer<String> progress;
    private final List<Measured> results = new ArrayList<>();

    /**
     * What to measure.
     *
     * @param deployment its data folder is the caller's to delete
     * @param samples that are sent in turn
     * @param prompts how many of them at each rate
     * @param busy the rates, as shares of what one thread of the slowest stage can do
     * @param hopSeconds as of {@link Simulation}
     */
    public record Options(
            Deployment.Options deployment,
            List<PromptSubmitted> samples,
            int prompts,
            List<Double> busy,
            int repeats,
            double hopSeconds,
            long seed) {}

    private CapacityBench(Options options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Measures the costs without Kafka first, then the deployment. */
    public static Report run(Options options, Consumer<String> progress) throws InterruptedException {
        return new CapacityBench(options, progress).run();
    }

    private Report run() throws InterruptedException {
        Deployment.Options where = options.deployment();
        List<PromptCost> costs;
        Machine machine;
        try (TraceableModel model = TraceableModel.load(where.model(), where.transcoder(), where.threads())) {
            NDManager manager = model.model().manager();
            progress.accept("machine");
            machine = new Machine(Products.large(manager), null, Products.copy(), where.threads());
            costs = CostProbe.measure(
                    new LocalTracer(model, where.maxTokens()),
                    requests(options.samples().size(), "cost"),
                    options.repeats(),
                    progress);
        }
        CapacityPlan plan = CapacityPlan.of(new Load(1, .6, Duration.ofDays(7), 1), costs);
        double most = plan.stages().stream()
                .min(Comparator.comparingDouble(StagePlan::promptsPerSecondOfOneThread))
                .orElseThrow()
                .promptsPerSecondOfOneThread();
        progress.accept("starting broker, registry and stages");
        try (Deployment deployment = Deployment.start(where);
                PromptClient client = new PromptClient(deployment.settings())) {
            client.trace(requests(options.prompts(), "first"), new double[options.prompts()], n -> {});
            throughput(client, most);
            for (double share : options.busy()) {
                latency(client, costs, share, share * most, deployment.settings());
            }
            storage(deployment.settings(), plan);
        }
        return new Report(machine, results);
    }

    private List<PromptSubmitted> requests(int count, String name) {
        return TaskPrompts.repeated(options.samples(), count, name);
    }

    private void throughput(PromptClient client, double most) {
        int prompts = options.prompts();
        long start = System.nanoTime();
        client.trace(
                requests(prompts, "burst"), new double[prompts], n -> progress.accept("at once " + n + "/" + prompts));
        double[] rate = {prompts / ((System.nanoTime() - start) / 1e9)};
        results.add(Measured.of(
                "prompts a second, at most",
                "prompts/s",
                rate,
                most,
                Map.of("prompts", prompts, "floor", "what one thread of the slowest stage can do")));
    }

    private void latency(PromptClient client, List<PromptCost> costs, double share, double rate, Settings settings) {
        int prompts = options.prompts();
        int partitions = settings.get(CommonSettings.TOPIC_PARTITIONS);
        List<PromptSubmitted> requests = requests(prompts, "rate-" + Math.round(100 * share));
        Arrivals random = Arrivals.poisson(rate, prompts, costs.size(), partitions, options.seed());
        // The prompts in turn, and the partitions of their keys: the same ones on paper as in the deployment.
        int[] cost = new int[prompts];
        Arrays.setAll(cost, i -> i % options.samples().size());
        int[] partition = new int[prompts];
        Arrays.setAll(partition, i -> Arrivals.partition(requests.get(i).getPromptId(), partitions));
        Arrivals arrivals = new Arrivals(random.seconds(), cost, partition);
        Latency paper = Latency.of(new Simulation(costs, ONE_THREAD_EACH, options.hopSeconds()).seconds(arrivals));
        Latency real = Latency.of(client.trace(
                requests,
                arrivals.seconds(),
                n -> progress.accept(Math.round(100 * share) + " % busy " + n + "/" + prompts)));
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("promptsPerSecond", rate);
        about.put("prompts", prompts);
        about.put("floor", "the simulation of the same arrivals");
        String busy = ", slowest stage " + Math.round(100 * share) + " % busy";
        results.add(Measured.of("median latency" + busy, new double[] {real.median()}, paper.median(), about));
        results.add(
                Measured.of("latency of 99 %" + busy, new double[] {real.percentile99()}, paper.percentile99(), about));
    }

    private void storage(Settings settings, CapacityPlan plan) {
        progress.accept("bytes of the topics");
        Topics topics = new Topics(settings.get(CommonSettings.TOPIC_PREFIX));
        int sent = (2 + options.busy().size()) * options.prompts();
        for (TopicPlan topic : plan.topics()) {
            double[] bytes = {(double) RecordSizes.onDisk(settings, topics.name(topic.topic())) / sent};
            results.add(Measured.of(
                    "bytes of a prompt in " + topic.topic().shortName(),
                    "bytes",
                    bytes,
                    topic.bytesPerPrompt(),
                    Map.of("prompts", sent, "floor", "what the plan says")));
        }
    }
}
