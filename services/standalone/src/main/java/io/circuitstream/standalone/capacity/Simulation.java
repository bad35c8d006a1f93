package io.circuitstream.standalone.capacity;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Prompts that go through the four stages on paper: a stage's thread takes the prompts of its partitions in the order in which
 * they come, and the next stage has them some time after. Threads do not slow each other down: that is true when each has a core.
 */
public final class Simulation {
    private static final int PROMPTS = 20_000;

    private final List<PromptCost> costs;
    private final int[] threads;
    private final double hopSeconds;

    /**
     * @param threads of each stage
     * @param hopSeconds from a stage's result to the next one's having it: serialising, transaction, fetching
     */
    public Simulation(List<PromptCost> costs, int[] threads, double hopSeconds) {
        this.costs = costs;
        this.threads = threads.clone();
        this.hopSeconds = hopSeconds;
    }

    /** What a plan does to prompts that come at random, at its load's rate. */
    public static Latency of(CapacityPlan plan, List<PromptCost> costs, double hopSeconds, long seed) {
        int[] threads =
                plan.stages().stream().mapToInt(CapacityPlan.StagePlan::threads).toArray();
        Arrivals arrivals =
                Arrivals.poisson(plan.load().promptsPerSecond(), PROMPTS, costs.size(), plan.partitions(), seed);
        return Latency.of(new Simulation(costs, threads, hopSeconds).seconds(arrivals));
    }

    /** Seconds of each prompt from its arrival to its report. */
    public double[] seconds(Arrivals arrivals) {
        int prompts = arrivals.seconds().length;
        double[] at = arrivals.seconds().clone();
        for (int stage = 0; stage < threads.length; stage++) {
            double[] free = new double[threads[stage]];
            double[] reached = at.clone();
            int[] order = IntStream.range(0, prompts)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> reached[i]))
                    .mapToInt(Integer::intValue)
                    .toArray();
            for (int i : order) {
                int thread = arrivals.partition()[i] % free.length;
                double end = Math.max(reached[i], free[thread])
                        + costs.get(arrivals.cost()[i]).seconds()[stage];
                free[thread] = end;
                at[i] = end + hopSeconds;
            }
        }
        double[] latency = new double[prompts];
        Arrays.setAll(latency, i -> at[i] - arrivals.seconds()[i]);
        return latency;
    }
}
