package io.circuitstream.dashboard.operations;

import io.circuitstream.events.Topics;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.topics.Refusals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks the brokers how the services are getting on, at most every two seconds. Thread-safe. */
public final class Cluster implements AutoCloseable {
    private static final int TIMEOUT_MS = 5_000;
    private static final long LASTS_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final ServiceContext context;
    private final Topics topics;
    private final Admin admin;
    private ClusterState last = ClusterState.UNKNOWN;
    private long asked = Long.MIN_VALUE;

    public Cluster(ServiceContext context) {
        this.context = context;
        this.topics = new Topics(context.settings().get(CommonSettings.TOPIC_PREFIX));
        Map<String, Object> properties =
                new HashMap<>(context.settings().kafka().admin());
        properties.put(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, context.settings().get(CommonSettings.BOOTSTRAP_SERVERS));
        properties.put(AdminClientConfig.CLIENT_ID_CONFIG, context.applicationId() + "-admin");
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS / 2);
        this.admin = Admin.create(properties);
    }

    /**
     * The state, at most two seconds old.
     *
     * @throws org.apache.kafka.common.KafkaException when no broker answers in time
     */
    public synchronized ClusterState state() {
        long now = System.nanoTime();
        if (asked == Long.MIN_VALUE || now - asked > LASTS_NANOS) {
            last = ask();
            asked = System.nanoTime();
        }
        return last;
    }

    private ClusterState ask() {
        Map<String, TopicDescription> described = describeTopics();
        Map<String, Map<TopicPartition, Long>> committed = new TreeMap<>();
        Set<TopicPartition> partitions = new HashSet<>();
        described.forEach((name, topic) ->
                topic.partitions().forEach(info -> partitions.add(new TopicPartition(name, info.partition()))));
        for (String service : Topics.STAGES) {
            Map<TopicPartition, Long> offsets = committed(service);
            committed.put(service, offsets);
            partitions.addAll(offsets.keySet());
        }
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> begins = offsets(partitions, OffsetSpec.earliest());
        Map<String, Long> records = new TreeMap<>();
        ends.forEach((partition, end) ->
                records.merge(partition.topic(), end - begins.getOrDefault(partition, end), Long::sum));
        return new ClusterState(
                services(committed, ends),
                described.keySet().stream()
                        .sorted()
                        .map(name -> new ClusterState.Topic(
                                name, described.get(name).partitions().size(), records.getOrDefault(name, 0L)))
                        .toList(),
                Topics.STAGES.stream()
                        .map(service -> new ClusterState.DeadLetters(
                                service,
                                topics.deadLetters(service),
                                records.getOrDefault(topics.deadLetters(service), 0L)))
                        .toList());
    }

    private List<ClusterState.Service> services(
            Map<String, Map<TopicPartition, Long>> committed, Map<TopicPartition, Long> ends) {
        List<ClusterState.Service> services = new ArrayList<>();
        committed.forEach((service, offsets) -> {
            List<ClusterState.Position> positions = offsets.entrySet().stream()
                    .map(entry -> ClusterState.Position.of(
                            entry.getKey(), ends.getOrDefault(entry.getKey(), entry.getValue()), entry.getValue()))
                    .sorted()
                    .toList();
            services.add(describe(service, positions));
        });
        return services;
    }

    private ClusterState.Service describe(String service, List<ClusterState.Position> positions) {
        String group = group(service);
        try {
            ConsumerGroupDescription description = await(admin.describeConsumerGroups(List.of(group))
                    .describedGroups()
                    .get(group));
            return new ClusterState.Service(
                    service,
                    group,
                    description.groupState().toString(),
                    description.members().size(),
                    positions);
        } catch (GroupIdNotFoundException e) {
            return new ClusterState.Service(service, group, "Dead", 0, positions);
        }
    }

    private String group(String service) {
        return context.settings().get(CommonSettings.APPLICATION_ID_PREFIX) + "-" + service;
    }

    private Map<String, TopicDescription> describeTopics() {
        Set<String> names = new HashSet<>();
        for (Topics.Event event : Topics.Event.values()) {
            names.add(topics.name(event));
        }
        Topics.STAGES.forEach(stage -> names.add(topics.deadLetters(stage)));
        Map<String, TopicDescription> described = new TreeMap<>();
        admin.describeTopics(names).topicNameValues().forEach((name, future) -> {
            try {
                described.put(name, await(future));
            } catch (UnknownTopicOrPartitionException e) {
                // Left out: readiness says that it is missing.
            } catch (TopicAuthorizationException e) {
                throw Refusals.topic(AclOperation.DESCRIBE, name);
            }
        });
        return described;
    }

    private Map<TopicPartition, Long> committed(String service) {
        Map<String, ListConsumerGroupOffsetsSpec> spec = Map.of(group(service), new ListConsumerGroupOffsetsSpec());
        Map<TopicPartition, OffsetAndMetadata> found;
        try {
            found = await(admin.listConsumerGroupOffsets(spec).partitionsToOffsetAndMetadata(group(service)));
        } catch (GroupIdNotFoundException e) {
            return Map.of();
        } catch (GroupAuthorizationException e) {
            throw Refusals.group(AclOperation.DESCRIBE, group(service));
        }
        return found.entrySet().stream()
                .filter(entry -> entry.getValue() != null)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    private Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> asked =
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> spec));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        await(admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                        .all())
                .forEach((partition, info) -> offsets.put(partition, info.offset()));
        return offsets;
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unanswered("interrupted", e);
        } catch (TimeoutException e) {
            throw new Unanswered("no broker answers in time", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new Unanswered("no answer", e.getCause());
        }
    }

    /** May be asked again. */
    private static final class Unanswered extends RetriableException {
        private static final long serialVersionUID = 1L;

        Unanswered(String message, Throwable cause) {
            super(message, cause);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(2));
    }
}
