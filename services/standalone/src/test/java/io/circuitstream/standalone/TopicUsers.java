package io.circuitstream.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.circuitstream.dashboard.reading.EventTypes;
import io.circuitstream.events.Topics;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.testkit.Rights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Who reads and writes the event topics: stream services as their reviewed topologies say, the dashboard and `trace` as the page of
 * rights and the code do, other commands as they stand here.
 *
 * @param reads topics by user; a command is in backticks
 * @param writes the same
 */
record TopicUsers(Map<String, Set<Event>> reads, Map<String, Set<Event>> writes) {
    private static final Topics TOPICS = new Topics(Topics.DEFAULT_PREFIX);
    private static final Pattern USE = Pattern.compile("\\b(reads|writes) (\\S+)");

    /** Of commands that the page of rights does not name, and of what a service does beside its topology. */
    private static final Map<String, Set<Event>> OTHER_READS = Map.of(
            "`steer`", Set.of(Event.STEERED),
            "`verify-audit`", Set.of(Event.FINDINGS, Event.CHECKPOINTS),
            "`export`", Set.of(Event.FEATURES),
            "`train`", Set.of(Event.PROMPTS));

    private static final Map<String, Set<Event>> OTHER_WRITES = Map.of(
            "`steer`", Set.of(Event.STEERINGS),
            "`label`", Set.of(Event.LABELS),
            "`train`", Set.of(Event.TRAINING),
            "description", Set.of(Event.LABELS));

    static TopicUsers read() throws IOException {
        TopicUsers users = new TopicUsers(new TreeMap<>(), new TreeMap<>());
        for (String service : Topics.STAGES) {
            users.topology(service);
            users.write(service, Event.PROGRESS);
        }
        EventTypes.read().forEach(event -> users.read("dashboard", event));
        users.rights("dashboard", "dashboard");
        users.rights("client", "`trace`");
        OTHER_READS.forEach((user, events) -> events.forEach(event -> users.read(user, event)));
        OTHER_WRITES.forEach((user, events) -> events.forEach(event -> users.write(user, event)));
        return users;
    }

    Set<String> readersOf(Event event) {
        return of(event, reads);
    }

    Set<String> writersOf(Event event) {
        return of(event, writes);
    }

    private static Set<String> of(Event event, Map<String, Set<Event>> users) {
        Set<String> found = new TreeSet<>();
        users.forEach((user, events) -> {
            if (events.contains(event)) {
                found.add(user);
            }
        });
        return found;
    }

    private void topology(String service) throws IOException {
        Path file = DocumentationTest.root().resolve("services/" + service + "/src/test/resources/topology.txt");
        Matcher matcher = USE.matcher(Files.readString(file, UTF_8));
        while (matcher.find()) {
            for (Event event : Event.values()) {
                if (matcher.group(2).equals(TOPICS.name(event))) {
                    (matcher.group(1).equals("reads") ? reads : writes)
                            .computeIfAbsent(service, s -> new TreeSet<>())
                            .add(event);
                }
            }
        }
    }

    /** Prefixed rights, which say nothing of what is done with them, are left out. */
    private void rights(String userOfPage, String user) throws IOException {
        Rights.of(userOfPage).stream()
                .filter(right -> right.pattern().resourceType() == ResourceType.TOPIC)
                .forEach(right -> {
                    for (Event event : Event.values()) {
                        if (right.pattern().name().equals(TOPICS.name(event))) {
                            if (right.entry().operation() == AclOperation.READ) {
                                read(user, event);
                            } else if (right.entry().operation() == AclOperation.WRITE) {
                                write(user, event);
                            }
                        }
                    }
                });
    }

    private void read(String user, Event event) {
        reads.computeIfAbsent(user, u -> new TreeSet<>()).add(event);
    }

    private void write(String user, Event event) {
        writes.computeIfAbsent(user, u -> new TreeSet<>()).add(event);
    }
}
