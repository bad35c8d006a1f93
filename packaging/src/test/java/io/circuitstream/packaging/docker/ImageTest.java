package io.circuitstream.packaging.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.circuitstream.embedded.EmbeddedBroker;
import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.packaging.Repository;
import io.circuitstream.packaging.ServiceSettings;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.topics.TopicAdmin;
import io.circuitstream.platform.topics.TopicSpec;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image of the service that needs most: native code of tensors and of stores, a model, brokers. Without an engine: {@link ImageBuild}. */
class ImageTest {
    private static final Duration START = Duration.ofMinutes(2);

    @Test
    void shouldAnswerAndStopCleanlyWhenTheLaidOutImageRuns(@TempDir Path temporary) throws Exception {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwx--x--x"));
        ImageBuild build = new ImageBuild(
                Dockerfile.read(Repository.root().resolve("docker/Dockerfile"), Map.of("SERVICE", "description")),
                temporary);

        // Given an image made by the Dockerfile's own steps, in their order
        Image image = build.build();

        assertThat(build.done())
                .containsExactly(
                        "page: COPY services/dashboard services/dashboard",
                        "build: COPY . .",
                        "build: RUN docker/build.sh -Dcircuitstream.commit=${REVISION} ${MAVEN_OPTIONS}",
                        "build: RUN java docker/Layout.java ${SERVICE} /image",
                        "runtime: COPY --from=build /image/app /app",
                        "runtime: COPY --from=build --chown=10001:10001 /image/state /state");
        assertThat(build.leftOut()).containsExactlyInAnyOrderElementsOf(ImageBuild.allowedToBeLeftOut());
        assertThat(build.log())
                .content()
                .contains("-pl services/standalone -am -Dcircuitstream.commit=unknown package");
        assertThat(image.entryPoint()).containsExactly("java", "@java.options");

        // What an engine would mount: /tmp and the model
        Path tmp = Files.createDirectories(image.at("/tmp"));
        Files.setPosixFilePermissions(tmp, PosixFilePermissions.fromString("rwxrwxrwx"));
        copy(Repository.root().resolve("models/tiny-ten"), image.at("/models/tiny-ten"));
        copy(Repository.root().resolve("models/tiny-ten/clt"), image.at("/models/tiny-ten/clt"));
        Map<String, String> before = files(image.root());
        int port = freePort();

        try (EmbeddedBroker broker = EmbeddedBroker.start(temporary.resolve("broker"), 0);
                EmbeddedRegistry registry = EmbeddedRegistry.start(temporary.resolve("registry"), 0)) {
            Map<String, String> environment = Map.of(
                    "CIRCUITSTREAM_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(),
                    "CIRCUITSTREAM_SCHEMA_REGISTRY_URL", registry.url(),
                    "CIRCUITSTREAM_MODEL", image.at("/models/tiny-ten").toString(),
                    "CIRCUITSTREAM_TRANSCODER", image.at("/models/tiny-ten/clt").toString(),
                    "CIRCUITSTREAM_INSTANCE_ID", "circuitstream-description-0",
                    "CIRCUITSTREAM_HTTP_HOST", "127.0.0.1",
                    "CIRCUITSTREAM_HTTP_PORT", Integer.toString(port),
                    // The engine's /tmp is a mount; here it is below the root of the image. It lives for seconds.
                    "JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + tmp + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
            makeTopics(broker.bootstrapServers());
            assertThat(healthcheck(image, environment))
                    .as("health before the start")
                    .isNotZero();

            // When it is started as its entry point says
            Path output = temporary.resolve("output.log");
            Process process = image.start(image.entryPoint(), environment, output);
            try {
                // Then it lives, is ready, and ends with 0
                await().atMost(START).ignoreException(ConnectException.class).untilAsserted(() -> {
                    assertThat(process.isAlive()).as(() -> read(output)).isTrue();
                    assertThat(status(port, "/livez")).isEqualTo(200);
                });
                assertThat(healthcheck(image, environment)).as("health").isZero();
                await().atMost(START)
                        .untilAsserted(() -> assertThat(status(port, "/readyz")).isEqualTo(200));
                if (Image.isRoot()) {
                    assertThat(Files.readString(Path.of("/proc/" + process.pid() + "/status")))
                            .containsPattern("(?m)^Uid:\\s+10001\\s+10001\\s+10001\\s+10001$");
                }
                process.destroy();
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
                assertThat(process.exitValue()).as(() -> read(output)).isZero();
            } finally {
                process.destroyForcibly().waitFor();
            }
            assertThat(files(image.root())).as("the read-only file system").isEqualTo(before);
            assertThat(output).content().doesNotContain("ERROR");
        }
    }

    private static void makeTopics(String bootstrapServers) {
        Settings settings = ServiceSettings.resolve(
                "topics",
                Map.of(
                        "CIRCUITSTREAM_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers,
                        "CIRCUITSTREAM_TOPIC_PARTITIONS", "1",
                        "CIRCUITSTREAM_TOPIC_REPLICATION", "1"));
        try (TopicAdmin admin = TopicAdmin.of(settings)) {
            admin.apply(admin.plan(TopicSpec.all(settings)));
        }
        assertThat(settings.get(CommonSettings.TOPIC_PARTITIONS)).isOne();
    }

    private static int healthcheck(Image image, Map<String, String> environment) throws Exception {
        Path output = image.root().resolveSibling("health.log");
        return image.start(image.healthcheck(), environment, output).waitFor();
    }

    private static int status(int port, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(2))
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Every file outside of what is mounted, with its time of change. */
    private static Map<String, String> files(Path root) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.toList()) {
                String name = root.relativize(path).toString();
                if (!name.startsWith("state") && !name.startsWith("tmp")) {
                    found.put(name, Files.getLastModifiedTime(path).toString());
                }
            }
        }
        assertThat(new TreeSet<>(found.keySet())).contains("app/java.options");
        return found;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void shouldBeLabelledAndContainedWhenAnImageIsConfigured() throws IOException {
        Dockerfile dockerfile = Dockerfile.read(
                Repository.root().resolve("docker/Dockerfile"),
                Map.of("SERVICE", "pruning", "VERSION", "1.2.3", "REVISION", "abc", "JRE_DIGEST", "sha256:0"));
        Image image = new Image(Path.of("/"), dockerfile.stage("runtime"));

        assertThat(dockerfile.stage("runtime").base()).isEqualTo("eclipse-temurin:17-jre-noble@sha256:0");
        assertThat(dockerfile.stage("build").base()).isEqualTo("eclipse-temurin:17-jdk-noble");
        assertThat(image.user()).matches("[1-9][0-9]*:[1-9][0-9]*");
        assertThat(image.labels())
                .containsEntry("org.opencontainers.image.title", "circuitstream-pruning")
                .containsEntry("org.opencontainers.image.version", "1.2.3")
                .containsEntry("org.opencontainers.image.revision", "abc")
                .containsEntry("org.opencontainers.image.licenses", "Apache-2.0");
        assertThat(image.environment().get("JDK_JAVA_OPTIONS")).contains("-XX:MaxRAMPercentage=");
        ServiceSettings.resolve("pruning", image.environment());
        assertThat(dockerfile.stages().get(dockerfile.stages().size() - 1).name())
                .as("what is built unless a target is named")
                .isEqualTo("service");
        assertThat(dockerfile.stage("service").steps()).isEmpty();
        assertThat(dockerfile.stage("demo").steps())
                .extracting(Dockerfile.Step::arguments)
                .containsExactly("models/tiny-ten /models/tiny-ten");
        assertThat(List.of("runtime", "demo", "service"))
                .allSatisfy(name -> assertThat(dockerfile.stage(name).steps())
                        .extracting(Dockerfile.Step::instruction)
                        .doesNotContain("RUN"));
    }
}
