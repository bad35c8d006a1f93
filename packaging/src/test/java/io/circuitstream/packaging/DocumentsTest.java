package io.circuitstream.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.standalone.cli.Circuitstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the documents tell to do can be done, or says what it needs. */
class DocumentsTest {
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s#]+)[^)]*\\)");
    private static final Pattern ARGUMENT = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    /** Every page of docs but the case studies, whose blocks without a language are results. */
    static List<String> documents() throws IOException {
        List<String> documents =
                new ArrayList<>(List.of("docker/README.md", "helm/README.md", "helm/circuitstream/README.md"));
        for (String folder : List.of("docs", "docs/evaluation")) {
            try (Stream<Path> files = Files.list(Repository.root().resolve(folder))) {
                files.map(file -> folder + "/" + file.getFileName())
                        .filter(file -> file.endsWith(".md"))
                        .sorted()
                        .forEach(documents::add);
            }
        }
        return documents;
    }

    @ParameterizedTest
    @MethodSource("documents")
    void shouldExistOrBeMarkedWhenADocumentNamesACommand(String document) throws IOException {
        for (String block : blocks(document)) {
            for (String command : block.replace("\\\n", "").lines().toList()) {
                if (command.startsWith("./circuitstream ")) {
                    assertThat(parses(command.substring("./circuitstream ".length())))
                            .as(command)
                            .isTrue();
                } else if (command.startsWith("mvn -pl ")) {
                    Path module = Repository.root().resolve(command.split(" ", -1)[2]);
                    assertThat(module.resolve("pom.xml")).as(command).exists();
                } else if (command.matches("(docker|helm|kubectl|kafka-[a-z-]+\\.sh) .*")) {
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
        assertThat(documents()).contains("docs/topics.md", "docs/faq.md", "docs/upgrading.md", "docs/architecture.md");
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
