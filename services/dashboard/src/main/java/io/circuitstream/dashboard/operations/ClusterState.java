package io.circuitstream.dashboard.operations;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** How the services are getting on, as the brokers see them. */
public record ClusterState(List<Service> services, List<Topic> topics, List<DeadLetters> deadLetters) {
    static final ClusterState UNKNOWN = new ClusterState(List.of(), List.of(), List.of());

    /**
     * A service's consumer group.
     *
     * @param state Kafka's word for it: Stable is good, Empty means that no instance runs
     */
    public record Service(String name, String group, String state, int members, List<Position> partitions) {
        @JsonProperty
        public long lag() {
            return partitions.stream().mapToLong(Position::lag).sum();
        }
    }

    /** Where a service is in a partition. */
    public record Position(String topic, int partition, long end, long committed, long lag)
            implements Comparable<Position> {
        private static final Comparator<Position> ORDER =
                Comparator.comparing(Position::topic).thenComparingInt(Position::partition);

        static Position of(TopicPartition partition, long end, long committed) {
            return new Position(partition.topic(), partition.partition(), end, committed, Math.max(0, end - committed));
        }

        @Override
        public int compareTo(Position other) {
            return ORDER.compare(this, other);
        }
    }

    /**
     * A topic of ours.
     *
     * @param records between the first and the last offset, transaction markers and compacted ones included
     */
    public record Topic(String name, int partitions, long records) {}

    public record DeadLetters(String service, String topic, long records) {}

    /** Records that the services have not read. */
    public long lag() {
        return services.stream().mapToLong(Service::lag).sum();
    }
}
