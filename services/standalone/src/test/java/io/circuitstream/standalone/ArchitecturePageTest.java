package io.circuitstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.events.Topics;
import io.circuitstream.events.Topics.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The diagram of docs/architecture.md shows the arrows of the reviewed topologies and no others. */
class ArchitecturePageTest {
    private static final Pattern DIAGRAM = Pattern.compile("```mermaid\n(flowchart.*?)```", Pattern.DOTALL);
    private static final Pattern ARROW = Pattern.compile("(?m)^\\s*(\\S+) --> (\\S+)$");

    /** Everybody reads what is written; the diagram would be nothing but lines. */
    private static final Set<String> LEFT_OUT = Set.of("dashboard");

    @Test
    void shouldShowEveryArrowWhenServicesReadAndWrite() throws IOException {
        Set<String> expected = new TreeSet<>();
        TopicUsers users = TopicUsers.read();
        for (Event event : Event.values()) {
            users.readersOf(event).stream()
                    .filter(Topics.STAGES::contains)
                    .forEach(user -> expected.add(event.shortName() + " --> " + user));
            users.writersOf(event).stream()
                    .filter(user -> Topics.STAGES.contains(user) || LEFT_OUT.contains(user))
                    .filter(user -> event != Event.PROGRESS)
                    .forEach(user -> expected.add(user + " --> " + event.shortName()));
        }

        Set<String> shown = new TreeSet<>();
        expand().forEach(shown::add);
        assertThat(shown).isEqualTo(expected);
    }

    /** {@code a & b --> c} is two arrows. */
    private static Stream<String> expand() throws IOException {
        String page = Files.readString(DocumentationTest.root().resolve("docs/architecture.md"));
        String diagram =
                DIAGRAM.matcher(page).results().findFirst().orElseThrow().group(1);
        return ARROW.matcher(diagram.replace(" & ", "&"))
                .results()
                .flatMap(arrow -> List.of(arrow.group(1).split("&", -1)).stream()
                        .flatMap(
                                from -> Stream.of(arrow.group(2).split("&", -1)).map(to -> from + " --> " + to)));
    }
}
