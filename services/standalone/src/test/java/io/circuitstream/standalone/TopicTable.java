package io.circuitstream.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.circuitstream.events.Topics;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.topics.TopicSpec;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The table of docs/topics.md, from the channels, the specification of topics and {@link TopicUsers}. */
final class TopicTable {
    private static final Topics TOPICS = new Topics(Topics.DEFAULT_PREFIX);

    private final TopicUsers users;
    private final JsonNode channels;
    private final JsonNode messages;
    private final Map<String, TopicSpec> specs;

    TopicTable() throws IOException {
        users = TopicUsers.read();
        JsonNode document = new YAMLMapper()
                .readTree(DocumentationTest.root()
                        .resolve("schemas/asyncapi.yaml")
                        .toFile());
        channels = document.get("channels");
        messages = document.at("/components/messages");
        specs = TopicSpec.all(Settings.of(CommonSettings.all(), Map.of())).stream()
                .collect(Collectors.toMap(TopicSpec::name, spec -> spec));
    }

    String markdown() {
        StringBuilder table = new StringBuilder("""
                | topic | key | value | written by | read by | kept | largest record |
                |---|---|---|---|---|---|---|
                """);
        for (Event event : Event.values()) {
            String type = channels.at("/" + event.shortName() + "/messages")
                    .fieldNames()
                    .next();
            String key = messages.at("/" + type + "/bindings/kafka/key/description")
                    .textValue()
                    .replaceAll("^The |\\.$", "");
            table.append(row(
                    "`" + TOPICS.name(event) + "`",
                    key,
                    "[" + type + "](../schemas/src/main/avro/" + type + ".avsc)",
                    names(users.writersOf(event)),
                    names(users.readersOf(event)),
                    specs.get(TOPICS.name(event))));
        }
        return table + deadLetters();
    }

    private String deadLetters() {
        Set<TopicSpec> alike = Topics.STAGES.stream()
                .map(stage -> specs.get(TOPICS.deadLetters(stage)))
                .map(spec -> new TopicSpec("", spec.partitions(), spec.replication(), spec.configs()))
                .collect(Collectors.toSet());
        if (alike.size() != 1) {
            throw new IllegalStateException("topics of dead letters differ: give each a row");
        }
        return row(
                "`" + TOPICS.deadLetters("<service>") + "`",
                "as it came",
                "as it came",
                "every stream service its own",
                "dashboard, `dead-letters`",
                alike.iterator().next());
    }

    private static String row(String topic, String key, String value, String writers, String readers, TopicSpec spec) {
        return "| " + String.join(" | ", topic, key, value, writers, readers, kept(spec), largest(spec)) + " |\n";
    }

    private static String names(Set<String> users) {
        Set<String> named = new TreeSet<>(users);
        if (named.containsAll(Topics.STAGES)) {
            Topics.STAGES.forEach(named::remove);
            named.add("every stream service");
        }
        return String.join(", ", named);
    }

    private static String kept(TopicSpec spec) {
        if ("compact".equals(spec.configs().get("cleanup.policy"))) {
            return "newest of each key";
        }
        String retention = spec.configs().get("retention.ms");
        if (retention == null) {
            return "brokers' default";
        }
        return retention.equals("-1") ? "for ever" : Long.parseLong(retention) / 60_000 + " minutes";
    }

    private static String largest(TopicSpec spec) {
        String bytes = spec.configs().get("max.message.bytes");
        return bytes == null ? "brokers' default" : Integer.parseInt(bytes) / (1024 * 1024) + " MiB";
    }
}
