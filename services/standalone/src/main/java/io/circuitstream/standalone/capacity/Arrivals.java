package io.circuitstream.standalone.capacity;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/**
 * When prompts come, which ones, and to which partition.
 *
 * @param seconds from the beginning, ascending
 * @param cost index of what each of them costs
 */
public record Arrivals(double[] seconds, int[] cost, int[] partition) {

    /** Where a producer puts a key. */
    public static int partition(String key, int partitions) {
        return BuiltInPartitioner.partitionForKey(key.getBytes(StandardCharsets.UTF_8), partitions);
    }

    /** So many prompts that come independently of each other, at random to the partitions, as hashed keys do. */
    public static Arrivals poisson(double promptsPerSecond, int prompts, int costs, int partitions, long seed) {
        Random random = new Random(seed);
        double[] seconds = new double[prompts];
        int[] cost = new int[prompts];
        int[] partition = new int[prompts];
        double now = 0;
        for (int i = 0; i < prompts; i++) {
            now -= Math.log(1 - random.nextDouble()) / promptsPerSecond;
            seconds[i] = now;
            cost[i] = random.nextInt(costs);
            partition[i] = random.nextInt(partitions);
        }
        return new Arrivals(seconds, cost, partition);
    }
}
