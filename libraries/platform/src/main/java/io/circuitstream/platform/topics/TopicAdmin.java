package io.circuitstream.platform.topics;

import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Compares the topics of a cluster with those that should be there, and makes them so. Every method throws Kafka's
 * own exceptions, those of an outage after about ten seconds.
 */
public final class TopicAdmin implements AutoCloseable {

    private static final int TIMEOUT_MS = 10_000;

    private final Admin admin;

    private TopicAdmin(Admin admin) {
        this.admin = admin;
    }

    /** On the cluster that the settings name. */
    public static TopicAdmin of(Settings settings) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS / 2);
        properties.putAll(settings.kafka().admin());
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, settings.get(CommonSettings.BOOTSTRAP_SERVERS));
        return new TopicAdmin(Admin.create(properties));
    }

    /**
     * What {@link #apply} would do; empty when everything is as it should be.
     *
     * @throws TopicAuthorizationException when the user may not see all of it
     */
    public List<TopicChange> plan(Collection<TopicSpec> wanted) {
        Map<String, TopicState> existing =
                describe(wanted.stream().map(TopicSpec::name).collect(Collectors.toSet()));
        existing.forEach((name, state) -> {
            if (state.configs().isEmpty()) {
                throw Refusals.topic(AclOperation.DESCRIBE_CONFIGS, name);
            }
        });
        return TopicPlan.between(existing, wanted);
    }

    /**
     * Does the steps of a plan and waits until the topics it made can be seen, so that a service may be started next;
     * conflicts stay as they are. Topics that somebody else made meanwhile are no error.
     */
    public void apply(List<TopicChange> changes) {
        for (TopicChange change : changes) {
            if (change instanceof TopicChange.Create create) {
                create(create.spec());
            } else if (change instanceof TopicChange.Grow grow) {
                await(
                        admin.createPartitions(Map.of(grow.topic(), NewPartitions.increaseTo(grow.to())))
                                .all(),
                        AclOperation.ALTER,
                        grow.topic());
            } else if (change instanceof TopicChange.Configure configure) {
                AlterConfigOp set =
                        new AlterConfigOp(new ConfigEntry(configure.key(), configure.to()), AlterConfigOp.OpType.SET);
                await(
                        admin.incrementalAlterConfigs(Map.of(resource(configure.topic()), List.of(set)))
                                .all(),
                        AclOperation.ALTER_CONFIGS,
                        configure.topic());
            }
        }
        awaitVisible(changes.stream()
                .filter(TopicChange.Create.class::isInstance)
                .map(change -> ((TopicChange.Create) change).spec().name())
                .collect(Collectors.toSet()));
    }

    /** The controller answers before the brokers that answer questions have heard of the topic. */
    private void awaitVisible(Set<String> created) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
        while (!isVisible(created)) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("topics were made but are not to be seen: " + created);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
    }

    private boolean isVisible(Set<String> topics) {
        try {
            return describe(topics).keySet().containsAll(topics);
        } catch (UnknownTopicOrPartitionException e) {
            return false; // One broker knew the topic, the one that was asked for its configuration did not yet.
        }
    }

    /** Those of the topics that exist; the configuration is empty of those whose configuration the user may not see. */
    public Map<String, TopicState> describe(Set<String> names) {
        Map<String, TopicDescription> found = new TreeMap<>();
        admin.describeTopics(names).topicNameValues().forEach((name, answer) -> {
            try {
                found.put(name, await(answer, AclOperation.DESCRIBE, name));
            } catch (UnknownTopicOrPartitionException e) {
                // Left out: the caller finds it missing.
            }
        });
        Map<ConfigResource, KafkaFuture<Config>> configs = admin.describeConfigs(
                        found.keySet().stream().map(TopicAdmin::resource).toList())
                .values();
        Map<String, TopicState> states = new TreeMap<>();
        found.forEach((name, topic) -> states.put(
                name,
                new TopicState(
                        topic.partitions().size(),
                        topic.partitions().get(0).replicas().size(),
                        values(configs.get(resource(name))))));
        return states;
    }

    /** What the user may do with those of the topics that exist: all there is, on brokers that do not ask. */
    public Map<String, Set<AclOperation>> topicRights(Set<String> names) {
        return GrantedRights.onTopics(admin, names);
    }

    /** What the user may do with those of the groups that exist or that it may not see. */
    public Map<String, Set<AclOperation>> groupRights(Set<String> groups) {
        return GrantedRights.onGroups(admin, groups);
    }

    /** The topics that a consumer group has committed offsets for or that its members are assigned now. */
    public Set<String> topicsOfGroup(String group) {
        List<TopicPartition> partitions =
                new ArrayList<>(await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                        .keySet());
        try {
            await(admin.describeConsumerGroups(List.of(group)).all())
                    .get(group)
                    .members()
                    .forEach(member -> partitions.addAll(member.assignment().topicPartitions()));
        } catch (GroupIdNotFoundException e) {
            // Nobody is in it: then only the offsets count.
        }
        return partitions.stream().map(TopicPartition::topic).collect(Collectors.toCollection(TreeSet::new));
    }

    private void create(TopicSpec spec) {
        Optional<Short> replication =
                spec.replication() > 0 ? Optional.of((short) spec.replication()) : Optional.empty();
        try {
            await(
                    admin.createTopics(List.of(new NewTopic(spec.name(), Optional.of(spec.partitions()), replication)
                                    .configs(spec.configs())))
                            .all(),
                    AclOperation.CREATE,
                    spec.name());
        } catch (TopicExistsException e) {
            // Somebody else applied the same plan; a difference shows in the next one.
        }
    }

    private static Map<String, String> values(KafkaFuture<Config> config) {
        Map<String, String> values = new TreeMap<>();
        try {
            await(config).entries().forEach(entry -> {
                if (entry.value() != null) {
                    values.put(entry.name(), entry.value());
                }
            });
        } catch (TopicAuthorizationException e) {
            // Whoever needs it has asked for the right before.
        }
        return values;
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    /** @throws TopicAuthorizationException that says which operation is not allowed */
    private static <T> T await(KafkaFuture<T> future, AclOperation operation, String topic) {
        try {
            return await(future);
        } catch (TopicAuthorizationException e) {
            TopicAuthorizationException named = Refusals.topic(operation, topic);
            named.initCause(e);
            throw named;
        }
    }

    static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
