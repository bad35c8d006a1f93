package io.circuitstream.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.standalone.cli.Circuitstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the documents about packaging tell to do can be done, or says what it needs. */
class DocumentsTest {
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s#]+)[^)]*\\)");
    private static final Pattern ARGUMENT = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    @ParameterizedTest
    @ValueSource(strings = {"docs/operating.md", "docker/README.md", "helm/README.md", "helm/circuitstream/README.md"})
    void shouldExistOrBeMarkedWhenADocumentNamesACommand(String document) throws IOException {
        for (String block : blocks(document)) {
            for (String command : block.replace("\\\n", "").lines().toList()) {
                if (command.startsWith("./circuitstream ")) {
                    assertThat(parses(command.substring("./circuitstream ".length())))
                            .as(command)
                            .isTrue();
                } else if (command.matches("(docker|helm|kubectl) .*")) {
                    assertThat(block).as(command).startsWith("# needs ");
                } else if (!command.startsWith("# needs ")) {
                    assertThat(Repository.root().resolve(command)).as(command).isExecutable();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker/README.md", "helm/README.md", "helm/circuitstream/README.md"})
    void shouldLeadSomewhereWhenALinkIsRelative(String document) throws IOException {
        Path file = Repository.root().resolve(document);

        LINK.matcher(Files.readString(file))
                .results()
                .map(match -> match.group(1))
                .filter(link -> !link.matches("[a-z]+:.*"))
                .forEach(link -> assertThat(file.resolveSibling(link)).exists());
    }

    @Test
    void shouldFindCommandsWhenDocumentsAreRead() throws IOException {
        assertThat(blocks("docs/operating.md")).hasSizeGreaterThan(5);
    }

    /** Of commands: those of another language say so. */
    private static List<String> blocks(String document) throws IOException {
        List<String> blocks = new ArrayList<>();
        String[] parts = Repository.text(document).split("(?m)^```", -1);
        for (int i = 1; i < parts.length; i += 2) {
            if (parts[i].startsWith("\n")) {
                blocks.add(parts[i].substring(1));
            }
        }
        return blocks;
    }

    private static boolean parses(String command) {
        List<String> arguments = new ArrayList<>();
        ARGUMENT.matcher(command)
                .results()
                .forEach(match -> arguments.add(match.group(1) != null ? match.group(1) : match.group(2)));
        return new CommandLine(Circuitstream.class)
                .parseArgs(arguments.toArray(String[]::new))
                .hasSubcommand();
    }
}
