package io.circuitstream.standalone.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.StartupException;
import io.circuitstream.platform.topics.TopicAdmin;
import io.circuitstream.platform.topics.TopicChange;
import io.circuitstream.platform.topics.TopicSpec;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Exit 0 when the topics are (or were made) as they should be, 1 when something is missing or in conflict. */
@Command(
        name = "topics",
        description = "Shows how a cluster's topics differ from what the services need; --apply makes them so.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class TopicsCommand implements Callable<Integer> {
    @Option(names = "--apply", description = "make what is missing")
    boolean apply;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    boolean json;

    @Option(names = "--partitions", paramLabel = "N", description = "partitions of every topic")
    String partitions = "";

    @Option(names = "--replication", paramLabel = "N", description = "replicas of every topic")
    String replication = "";

    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Override
    public Integer call() {
        if (!partitions.isEmpty()) {
            kafka.more(CommonSettings.TOPIC_PARTITIONS.commandLineFlag(), partitions);
        }
        if (!replication.isEmpty()) {
            kafka.more(CommonSettings.TOPIC_REPLICATION.commandLineFlag(), replication);
        }
        Settings settings = kafka.settings();
        List<TopicSpec> wanted = TopicSpec.all(settings);
        try (TopicAdmin admin = TopicAdmin.of(settings)) {
            List<TopicChange> changes = admin.plan(wanted);
            if (apply) {
                admin.apply(changes);
            }
            print(wanted, changes);
            if (changes.stream().anyMatch(c -> c instanceof TopicChange.Grow)) {
                System.err.println(
                        "With more partitions an audit that has been running does not go on: see docs/upgrading.md,"
                                + " \"When stores, topics or partitions change\".");
            }
            boolean conflict = changes.stream().anyMatch(c -> c instanceof TopicChange.Conflict);
            return conflict || (!apply && !changes.isEmpty()) ? 1 : 0;
        } catch (KafkaException e) {
            throw new StartupException(
                    "the topics at " + settings.get(CommonSettings.BOOTSTRAP_SERVERS) + " cannot be read or changed: "
                            + e.getMessage(),
                    e);
        }
    }

    private void print(List<TopicSpec> wanted, List<TopicChange> changes) {
        if (json) {
            ObjectNode document = new ObjectMapper().createObjectNode().put("applied", apply);
            wanted.forEach(t -> document.withArray("topics").add(t.name()));
            document.putArray("changes");
            changes.forEach(c -> document.withArray("changes").add(c.describe()));
            System.out.println(document.toPrettyString());
            return;
        }
        changes.forEach(c -> System.out.println(c.describe()));
        System.out.println(
                changes.isEmpty()
                        ? wanted.size() + " topics, all as they should be"
                        : apply ? "applied" : "nothing was changed: run again with --apply");
    }
}
