package io.circuitstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.events.Topics;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.topics.RecordLimits;
import io.circuitstream.platform.topics.TopicSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/topics.md lists the topics as they are made, and everybody who reads or writes one. */
class TopicsPageTest {
    private static final Pattern TABLE =
            Pattern.compile("(<!-- table topics -->\n\n).*?(\n<!-- end -->)", Pattern.DOTALL);
    private static final Pattern EVENT = Pattern.compile("\\bEvent\\.([A-Z]+)\\b");
    /** Users in a module that is no stream service; what they do stands in {@link TopicUsers}. */
    private static final Map<String, Set<String>> USERS = Map.of(
            "dashboard", Set.of("dashboard"),
            "training", Set.of("`train`"),
            "standalone", Set.of("`trace`", "`steer`", "`label`", "`verify-audit`", "`export`"));

    private static Path page() {
        return DocumentationTest.root().resolve("docs/topics.md");
    }

    @Test
    void shouldListEveryTopicWhenThePageIsRead() throws IOException {
        String text = Files.readString(page());
        assertThat(text).containsPattern(TABLE);
        String fresh =
                TABLE.matcher(text).replaceFirst("$1" + Matcher.quoteReplacement(new TopicTable().markdown()) + "$2");

        if (Boolean.getBoolean("docs.record")) {
            Files.writeString(page(), fresh);
            return;
        }
        assertThat(text)
                .as("docs/topics.md is stale: run the test with -Ddocs.record=true")
                .isEqualTo(fresh);
    }

    /** A reader or writer that comes beside the topologies is named in the code of its module. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "inference",
                "attribution",
                "pruning",
                "validation",
                "description",
                "audit",
                "dashboard",
                "training",
                "standalone"
            })
    void shouldNameItsUserWhenAModuleNamesATopic(String module) throws IOException {
        Set<Event> named = named(module);
        Set<Event> known = new TreeSet<>();
        TopicUsers users = TopicUsers.read();
        for (String user : USERS.getOrDefault(module, Set.of(module))) {
            known.addAll(users.reads().getOrDefault(user, Set.of()));
            known.addAll(users.writes().getOrDefault(user, Set.of()));
        }

        assertThat(named).isNotEmpty();
        assertThat(known).as("topics that docs/topics.md says %s uses", module).containsAll(named);
    }

    @Test
    void shouldKnowReadersAndWritersWhenTopologiesAreRead() throws IOException {
        TopicUsers users = TopicUsers.read();

        assertThat(users.reads().get("audit")).contains(Event.PROMPTS, Event.FEATURES);
        assertThat(users.writersOf(Event.CIRCUITS)).containsExactly("pruning");
        assertThat(users.writersOf(Event.PROGRESS)).containsExactlyInAnyOrderElementsOf(Topics.STAGES);
        for (Event event : Event.values()) {
            assertThat(users.writersOf(event)).as("writers of %s", event).isNotEmpty();
        }
    }

    /** A service does not start on a topic that takes less, and `topics --apply` is what it then says to run. */
    @Test
    void shouldTakeTheLargestRecordWhenAServiceWritesResultsToATopic() throws IOException {
        Map<String, TopicSpec> specs = TopicSpec.all(Settings.of(CommonSettings.all(), Map.of())).stream()
                .collect(Collectors.toMap(TopicSpec::name, spec -> spec));
        TopicUsers users = TopicUsers.read();
        for (String service : Topics.STAGES) {
            for (Event event : users.writes().get(service)) {
                if (event != Event.PROGRESS) {
                    assertThat(specs.get(new Topics(Topics.DEFAULT_PREFIX).name(event))
                                    .configs())
                            .as("%s, which %s writes", event, service)
                            .containsEntry("max.message.bytes", Integer.toString(RecordLimits.MAX_RECORD_BYTES));
                }
            }
        }
    }

    private static Set<Event> named(String module) throws IOException {
        Path sources = DocumentationTest.root().resolve("services/" + module + "/src/main/java");
        List<Path> files;
        try (Stream<Path> all = Files.walk(sources)) {
            files = all.filter(file -> file.toString().endsWith(".java")).toList();
        }
        Set<Event> named = new TreeSet<>();
        for (Path file : files) {
            EVENT.matcher(Files.readString(file)).results().forEach(match -> named.add(Event.valueOf(match.group(1))));
        }
        return named;
    }
}
