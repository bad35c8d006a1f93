package io.circuitstream.platform.stream;

import io.circuitstream.events.Topics;
import io.circuitstream.platform.serde.RegistryRefusedException;
import io.circuitstream.platform.serde.RegistryUnavailableException;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.topics.TopicAdmin;
import io.circuitstream.platform.topics.TopicCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;

/**
 * Checks before a start that the topics are there and fit, that they may be read and written, that nobody else uses the consumer group, that no
 * changelog was deleted, and that the registry accepts the schema of what will be written. Waits for brokers and a registry that are away, up to {@link CommonSettings#STARTUP_TIMEOUT}.
 */
final class StartCheck {

    private final ServiceContext service;
    private final Set<String> reads = new TreeSet<>();
    private final Set<String> writes = new TreeSet<>();
    /** Read as a whole by every instance, outside of the group: in any number of partitions. */
    private final Set<String> globals = new TreeSet<>();

    private final Set<String> changelogs = new TreeSet<>();
    private final Set<String> repartitions = new TreeSet<>();

    StartCheck(ServiceContext service, Topology topology) {
        this.service = service;
        TopologyDescription description = topology.describe();
        description
                .globalStores()
                .forEach(store -> globals.addAll(store.source().topicSet()));
        description.subtopologies().stream()
                .flatMap(part -> part.nodes().stream())
                .forEach(this::collect);
    }

    private void collect(TopologyDescription.Node node) {
        if (node instanceof TopologyDescription.Source source && source.topicSet() != null) {
            source.topicSet().stream().filter(topic -> !isInternal(topic)).forEach(reads::add);
        } else if (node instanceof TopologyDescription.Sink sink && sink.topic() != null) {
            if (isInternal(sink.topic())) {
                repartitions.add(service.applicationId() + "-" + sink.topic());
            } else {
                writes.add(sink.topic());
            }
        } else if (node instanceof TopologyDescription.Processor processor) {
            processor.stores().forEach(store -> changelogs.add(service.applicationId() + "-" + store + "-changelog"));
        }
    }

    /** Whether Kafka Streams makes the topic itself. */
    private static boolean isInternal(String topic) {
        return topic.endsWith("-repartition");
    }

    /** @throws StartupException that says what is missing, at which address, and what to do */
    void run() throws InterruptedException {
        Duration limit = service.settings().get(CommonSettings.STARTUP_TIMEOUT);
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            try (TopicAdmin admin = TopicAdmin.of(service.settings())) {
                List<String> problems = problems(admin);
                if (!problems.isEmpty()) {
                    throw new StartupException(String.join(System.lineSeparator(), problems));
                }
                service.prepareSchemas();
                service.outage().over();
                return;
            } catch (RegistryRefusedException e) {
                throw new StartupException("the schema registry refuses: " + e.getMessage(), e);
            } catch (KafkaException e) {
                String reason = e instanceof RegistryUnavailableException
                        ? e.getMessage()
                        : "no broker answers at " + address() + ": " + e.getMessage();
                if (!mayPass(e)) {
                    throw new StartupException("brokers at " + address() + " refuse: " + e.getMessage(), e);
                }
                if (System.nanoTime() > deadline) {
                    throw new StartupException(reason + " (waited " + limit.toSeconds() + " s)", e);
                }
                Duration wait = service.outage().seen(reason);
                if (service.lifecycle().await(state -> state != Lifecycle.STARTING, wait) != Lifecycle.STARTING) {
                    throw new StartupException("closed while it waited: " + reason);
                }
            }
        }
    }

    private List<String> problems(TopicAdmin admin) {
        Set<String> others = new TreeSet<>(Set.of(service.deadLetterTopic(), service.topic(Topics.Event.PROGRESS)));
        List<String> refused = missingRights(admin, others);
        if (!refused.isEmpty()) {
            return refused; // Without them nothing else can be seen.
        }
        others.addAll(globals);
        Set<String> all = new TreeSet<>(others);
        all.addAll(reads);
        all.addAll(writes);
        List<String> problems = new ArrayList<>(TopicCheck.problems(admin.describe(all), reads, writes, others));
        Set<String> known = admin.topicsOfGroup(service.applicationId());
        if (!known.isEmpty() && !service.settings().get(CommonSettings.STATE_MAY_BE_EMPTY)) {
            TopicCheck.lostState(admin.describe(changelogs).keySet(), changelogs)
                    .ifPresent(problems::add);
        }
        known.removeIf(StartCheck::isInternal);
        TopicCheck.strangers(service.applicationId(), known, reads).ifPresent(problems::add);
        return problems;
    }

    private List<String> missingRights(TopicAdmin admin, Set<String> others) {
        Map<String, Set<AclOperation>> topics = new TreeMap<>();
        others.forEach(topic -> topics.put(topic, Set.of(AclOperation.WRITE)));
        globals.forEach(topic -> topics.put(topic, Set.of(AclOperation.READ)));
        reads.forEach(topic -> topics.put(topic, Set.of(AclOperation.READ)));
        writes.forEach(topic -> topics.put(topic, Set.of(AclOperation.WRITE, AclOperation.DESCRIBE_CONFIGS)));
        // Those that Kafka Streams makes: it only logs that it may not delete what was read.
        changelogs.forEach(topic -> topics.put(topic, Set.of(AclOperation.READ, AclOperation.WRITE)));
        repartitions.forEach(
                topic -> topics.put(topic, Set.of(AclOperation.READ, AclOperation.WRITE, AclOperation.DELETE)));
        Map<String, Set<AclOperation>> groups = Map.of(
                service.applicationId(), Set.of(AclOperation.READ), service.attemptsGroup(), Set.of(AclOperation.READ));
        return Stream.of(
                        TopicCheck.missingRights("topic", admin.topicRights(topics.keySet()), topics),
                        TopicCheck.missingRights("group", admin.groupRights(groups.keySet()), groups))
                .flatMap(Optional::stream)
                .toList();
    }

    /** An address that cannot be resolved is a ConfigException; names can appear later than the container does. */
    private static boolean mayPass(KafkaException e) {
        return Fault.of(e) == Fault.OUTAGE || e instanceof ConfigException || e.getCause() instanceof ConfigException;
    }

    private String address() {
        return service.settings().get(CommonSettings.BOOTSTRAP_SERVERS);
    }
}
