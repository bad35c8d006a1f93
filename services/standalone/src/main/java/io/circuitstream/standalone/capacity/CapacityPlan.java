package io.circuitstream.standalone.capacity;

import io.circuitstream.events.Topics.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a load needs. A stage's thread works on one prompt at a time and has the partitions that Kafka gave it, so a stage is as
 * busy as the thread with most partitions.
 *
 * @param partitions of every topic: twice the threads of the stage that needs most, because threads beyond them have no work and
 *     their number is hard to change
 */
public record CapacityPlan(Load load, int partitions, List<StagePlan> stages, List<TopicPlan> topics) {

    /** What a result takes beside its value: key, headers, its batch, and the marker of its transaction; as measured. */
    static final int BYTES_BESIDE_RESULT = 340;

    /** The same of a prompt, which a plain producer sends by itself. */
    static final int BYTES_BESIDE_PROMPT = 85;

    private static final double SECONDS_OF_DAY = 86_400;

    /**
     * What is wanted.
     *
     * @param promptsPerSecond on average over the busiest hour
     * @param utilisation share of its time that a thread may be busy: the rest is for bursts and for catching up after a restart
     * @param retention of the topics
     * @param replication replicas of every record
     */
    public record Load(double promptsPerSecond, double utilisation, Duration retention, int replication) {}

    /**
     * One stage.
     *
     * @param busyThreads work that comes in a second, in seconds of one thread
     * @param threads of all its instances together
     * @param utilisation of the thread with most partitions
     */
    public record StagePlan(
            String stage,
            double meanSeconds,
            double longestSeconds,
            double busyThreads,
            int threads,
            double utilisation) {

        /** What one thread can do when it never waits. */
        public double promptsPerSecondOfOneThread() {
            return 1 / meanSeconds;
        }
    }

    /**
     * One topic.
     *
     * @param bytesPerPrompt on disk, uncompressed, of one replica
     * @param bytesKept of all replicas, when the topic is as old as its retention
     */
    public record TopicPlan(Event topic, double bytesPerPrompt, double bytesPerSecond, double bytesKept) {

        public double bytesPerDay() {
            return bytesPerSecond * SECONDS_OF_DAY;
        }
    }

    /**
     * The smallest plan in which no thread is busier than the load says.
     *
     * @param costs of prompts like those that will come
     */
    public static CapacityPlan of(Load load, List<PromptCost> costs) {
        int stages = PromptCost.STAGES.size();
        double[] busy = new double[stages];
        int most = 1;
        for (int s = 0; s < stages; s++) {
            int stage = s;
            busy[s] = load.promptsPerSecond() * PromptCost.mean(costs, cost -> cost.seconds()[stage]);
            most = Math.max(most, (int) Math.ceil(busy[s] / load.utilisation()));
        }
        int partitions = 2 * most;
        List<StagePlan> planned = new ArrayList<>();
        for (int s = 0; s < stages; s++) {
            planned.add(stage(s, busy[s], partitions, load, costs));
        }
        return new CapacityPlan(load, partitions, List.copyOf(planned), topics(load, costs));
    }

    private static StagePlan stage(int stage, double busy, int partitions, Load load, List<PromptCost> costs) {
        int threads = 1;
        while (busy * fullest(partitions, threads) > load.utilisation()) {
            threads++;
        }
        return new StagePlan(
                PromptCost.STAGES.get(stage),
                PromptCost.mean(costs, cost -> cost.seconds()[stage]),
                costs.stream().mapToDouble(cost -> cost.seconds()[stage]).max().orElseThrow(),
                busy,
                threads,
                busy * fullest(partitions, threads));
    }

    /** Share of all partitions that the thread with most of them has. */
    static double fullest(int partitions, int threads) {
        int most = (partitions + threads - 1) / threads;
        return (double) most / partitions;
    }

    private static List<TopicPlan> topics(Load load, List<PromptCost> costs) {
        List<TopicPlan> topics = new ArrayList<>();
        for (int t = 0; t < PromptCost.TOPICS.size(); t++) {
            int topic = t;
            int beside = PromptCost.TOPICS.get(t) == Event.PROMPTS ? BYTES_BESIDE_PROMPT : BYTES_BESIDE_RESULT;
            double bytes = PromptCost.mean(costs, cost -> cost.bytes()[topic]) + beside;
            double perSecond = bytes * load.promptsPerSecond();
            topics.add(new TopicPlan(
                    PromptCost.TOPICS.get(t),
                    bytes,
                    perSecond,
                    perSecond * load.retention().toSeconds() * load.replication()));
        }
        return List.copyOf(topics);
    }

    public double bytesKept() {
        return topics.stream().mapToDouble(TopicPlan::bytesKept).sum();
    }

    public double bytesPerSecond() {
        return topics.stream().mapToDouble(TopicPlan::bytesPerSecond).sum();
    }
}
