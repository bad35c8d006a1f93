package io.circuitstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.audit.AuditSettings;
import io.circuitstream.dashboard.DashboardSettings;
import io.circuitstream.description.DescriptionSettings;
import io.circuitstream.inference.InferenceSettings;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.ConfigurationTable;
import io.circuitstream.platform.settings.ModelSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.settings.SettingsException;
import io.circuitstream.standalone.cli.Circuitstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What the documents say is so. With {@code -Ddocs.record=true} the tables are written instead of compared. */
class DocumentationTest {
    private static final Pattern TABLE =
            Pattern.compile("<!-- table ([a-z]+) -->\n\n(.*?)\n?<!-- end -->", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern COMMAND = Pattern.compile("\\./circuitstream((?: [^`#\n]*)?)");
    private static final Pattern ARGUMENT = Pattern.compile("\"([^\"]*)\"|(\\S+)");
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");

    /** The folder with the launcher. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(folder.resolve("circuitstream"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    @Test
    void shouldListEverySettingWhenTheConfigurationIsRead() throws IOException {
        Path file = root().resolve("docs/configuration.md");
        String text = Files.readString(file);

        String fresh = TABLE.matcher(text)
                .replaceAll(match -> java.util.regex.Matcher.quoteReplacement(
                        "<!-- table " + match.group(1) + " -->\n\n" + table(match.group(1)) + "\n<!-- end -->"));

        if (Boolean.getBoolean("docs.record")) {
            Files.writeString(file, fresh);
            return;
        }
        assertThat(TABLE.matcher(text).results().map(match -> match.group(1)))
                .containsExactly("common", "model", "inference", "description", "audit", "dashboard");
        assertThat(text)
                .as("docs/configuration.md is stale: run the test with -Ddocs.record=true")
                .isEqualTo(fresh);
    }

    private static String table(String name) {
        return switch (name) {
            case "common" -> ConfigurationTable.markdown(CommonSettings.all());
            case "model" -> ConfigurationTable.markdown(ModelSettings.all());
            case "inference" ->
                ConfigurationTable.markdown(InferenceSettings.all().stream()
                        .filter(setting -> !ModelSettings.all().contains(setting))
                        .toList());
            case "description" -> ConfigurationTable.markdown(DescriptionSettings.own());
            case "audit" -> ConfigurationTable.markdown(AuditSettings.all());
            case "dashboard" -> ConfigurationTable.markdown(DashboardSettings.all());
            default -> throw new IllegalArgumentException("docs/configuration.md names an unknown table: " + name);
        };
    }

    @Test
    void shouldRefuseEveryKafkaPropertyThatTheConfigurationCallsRefused() throws IOException {
        String text = Files.readString(root().resolve("docs/configuration.md"));
        String refused = text.substring(text.indexOf("## Refused"));

        List<String> properties = CODE.matcher(refused)
                .results()
                .map(match -> match.group(1))
                .filter(code -> !code.startsWith("circuitstream."))
                .toList();

        assertThat(properties).hasSizeGreaterThan(20);
        for (String property : properties) {
            assertThatThrownBy(() -> Settings.of(CommonSettings.all(), Map.of("kafka." + property, "1")))
                    .as(property)
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("which the service owns");
        }
    }

    static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md")));
        for (String folder : List.of("docs", "services")) {
            try (Stream<Path> files = Files.walk(root().resolve(folder), 2)) {
                files.filter(file -> file.getFileName().toString().endsWith(".md"))
                        .map(root()::relativize)
                        .sorted()
                        .forEach(documents::add);
            }
        }
        return documents;
    }

    @ParameterizedTest
    @MethodSource("documents")
    void shouldLeadSomewhereWhenALinkIsRelative(Path document) throws IOException {
        Path file = root().resolve(document);

        LINK.matcher(Files.readString(file))
                .results()
                .map(match -> match.group(1))
                .filter(link -> !link.matches("[a-z]+:.*") && !link.startsWith("#"))
                .map(link -> link.replaceFirst("#.*", ""))
                .forEach(link -> assertThat(file.resolveSibling(link))
                        .as("link to %s", link)
                        .exists());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void shouldLeadToAHeadingWhenALinkNamesOne(Path document) throws IOException {
        Path file = root().resolve(document);
        List<String> links = LINK.matcher(Files.readString(file))
                .results()
                .map(match -> match.group(1))
                .filter(link -> link.matches("([^:]*\\.md)?#.*"))
                .toList();

        for (String link : links) {
            String page = link.substring(0, link.indexOf('#'));
            assertThat(headings(page.isEmpty() ? file : file.resolveSibling(page)))
                    .as("link to %s", link)
                    .contains(link.substring(link.indexOf('#') + 1));
        }
    }

    /** As GitHub names them. */
    private static List<String> headings(Path page) throws IOException {
        return Files.readAllLines(page).stream()
                .filter(line -> line.matches("#+ .*"))
                .map(line -> line.replaceFirst("#+ ", "").strip().toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .toList();
    }

    @Test
    void shouldHaveAPageForEachServiceWhenDocumentsAreRead() throws IOException {
        assertThat(documents())
                .contains(
                        Path.of("services/inference/README.md"),
                        Path.of("services/attribution/README.md"),
                        Path.of("services/pruning/README.md"),
                        Path.of("services/validation/README.md"),
                        Path.of("services/description/README.md"),
                        Path.of("services/audit/README.md"),
                        Path.of("services/dashboard/README.md"),
                        Path.of("docs/configuration.md"),
                        Path.of("docs/architecture.md"),
                        Path.of("docs/topics.md"),
                        Path.of("docs/upgrading.md"),
                        Path.of("docs/faq.md"));
    }

    /** Every command of the README with its arguments, and the line that it stands on. */
    static List<String[]> commands() throws IOException {
        List<String[]> commands = new ArrayList<>();
        for (String line : Files.readAllLines(root().resolve("README.md"))) {
            COMMAND.matcher(line)
                    .results()
                    .forEach(match -> commands.add(new String[] {match.group(1).strip(), line}));
        }
        return commands;
    }

    @Test
    void shouldParseEveryCommandOfTheReadme() throws IOException {
        List<String> parsed = new ArrayList<>();
        for (String[] command : commands()) {
            String[] arguments = ARGUMENT.matcher(command[0])
                    .results()
                    .map(DocumentationTest::unquoted)
                    .toArray(String[]::new);
            if (arguments.length > 0 && arguments[0].equals("test")) {
                continue; // the launcher's own
            }
            CommandLine.ParseResult result = parse(arguments);
            assertThat(result.hasSubcommand()).as("%s is a command", command[0]).isTrue();
            parsed.add(arguments[0]);
        }
        assertThat(parsed).contains("demo", "up", "trace", "train", "topics", "version");
    }

    @Test
    void shouldHaveEveryOptionThatTheReadmeNamesBesideACommand() throws IOException {
        List<String> checked = new ArrayList<>();
        for (String[] command : commands()) {
            CommandLine subcommand = innermost(command[0]);
            if (subcommand.getParent() == null || !command[1].startsWith("|")) {
                continue;
            }
            CODE.matcher(command[1])
                    .results()
                    .map(match -> match.group(1))
                    .filter(code -> code.matches("--[a-z-]+"))
                    .forEach(option -> {
                        assertThat(subcommand.getCommandSpec().optionsMap())
                                .as("options of %s", command[0])
                                .containsKey(option);
                        checked.add(option);
                    });
        }
        assertThat(checked).contains("--no-wait", "--export");
    }

    /** The command that the words lead to; the whole command line when the first is none. */
    private static CommandLine innermost(String words) {
        CommandLine found = commandLine();
        for (String word : words.split(" ", -1)) {
            found = found.getSubcommands().getOrDefault(word, found);
        }
        return found;
    }

    /** Prose names an option without its value: any text does for one. */
    private static CommandLine.ParseResult parse(String[] arguments) {
        try {
            return commandLine().parseArgs(arguments);
        } catch (CommandLine.MissingParameterException e) {
            return commandLine()
                    .parseArgs(
                            Stream.concat(Stream.of(arguments), Stream.of("X")).toArray(String[]::new));
        }
    }

    private static String unquoted(MatchResult match) {
        return match.group(1) != null ? match.group(1) : match.group(2);
    }

    /** Parsing fills objects and runs nothing. */
    private static CommandLine commandLine() {
        return new CommandLine(Circuitstream.class);
    }
}
