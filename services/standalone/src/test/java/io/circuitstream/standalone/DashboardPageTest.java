package io.circuitstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.circuitstream.dashboard.AccessSettings;
import io.circuitstream.dashboard.Dashboard;
import io.circuitstream.dashboard.DashboardSettings;
import io.circuitstream.platform.health.Health;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Setting;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ProgressSink;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.testkit.ChildJvm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page in a real browser, by services/dashboard/ui/e2e: against a whole deployment, and a dashboard server in a process of its
 * own that the specifications may kill and start again.
 */
class DashboardPageTest {
    private static final Path UI =
            Path.of("..", "dashboard", "ui").toAbsolutePath().normalize();
    private static final Duration START = Duration.ofSeconds(60);
    private static final long LIMIT_MINUTES = 6;
    private static final String TOKEN = "a token of this test";

    private static final Health WELL = new Health() {
        @Override
        public boolean isLive() {
            return true;
        }

        @Override
        public Optional<String> notReady() {
            return Optional.empty();
        }
    };

    @TempDir
    Path folder;

    @Test
    void shouldDoWhatPeopleExpectWhenTheyUseItInChromium() throws Exception {
        Optional<Path> browser = browser();
        assumeTrue(browser.isPresent(), "no Chromium on this machine: the page was not tried");
        try (Deployment deployment = Deployment.start(options());
                Server server = new Server(deployment);
                PageControl control =
                        new PageControl(deployment, Map.of("/kill", server::kill, "/start", server::start));
                PageIssuer issuer = new PageIssuer();
                Dashboard locked = locked(deployment, issuer)) {
            server.launch();
            locked.start();
            server.awaitReady();
            Path log = folder.resolve("playwright.log");
            Process specifications = specifications(browser.get(), server, locked, issuer, control, log);
            boolean ended = specifications.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
            specifications.descendants().forEach(ProcessHandle::destroyForcibly);
            specifications.destroyForcibly();
            assertThat(ended).as(Files.readString(log)).isTrue();
            assertThat(specifications.exitValue()).as(Files.readString(log)).isZero();
        }
    }

    /** With a rule that finds something in every circuit. */
    private Deployment.Options options() throws IOException {
        Path rules = Files.writeString(folder.resolve("rules.yaml"), """
                rules:
                  - name: any circuit
                    kind: low-trust
                    severity: warning
                    confirmedShareBelow: 1.0
                """);
        Deployment.Options usual = Samples.options(folder.resolve("deployment"));
        return new Deployment.Options(
                usual.data(),
                usual.ports(),
                usual.model(),
                usual.transcoder(),
                usual.threads(),
                usual.maxTokens(),
                null,
                rules);
    }

    private static Process specifications(
            Path browser, Server server, Dashboard locked, PageIssuer issuer, PageControl control, Path log)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        "npx", "--no-install", "playwright", "test", "--grep-invert", "@benchmark")
                .directory(UI.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment()
                .putAll(Map.of(
                        "BASE_URL", server.url().toString(),
                        "CONTROL_URL", control.uri().toString(),
                        "LOCKED_URL", locked.uri().toString(),
                        "LOCKED_TOKEN", TOKEN,
                        "ISSUER_URL", issuer.uri(),
                        "CHROMIUM", browser.toString(),
                        "SCREENSHOTS",
                                Path.of("target", "screenshots")
                                        .toAbsolutePath()
                                        .toString()));
        return builder.start();
    }

    /** A second instance, which asks who one is: takes a token, and those of an issuer. */
    private Dashboard locked(Deployment deployment, PageIssuer issuer) {
        List<Setting<?>> declared = new ArrayList<>(CommonSettings.all());
        declared.addAll(DashboardSettings.all());
        Map<String, String> values = new HashMap<>(Map.of(
                CommonSettings.BOOTSTRAP_SERVERS.key(), deployment.bootstrapServers(),
                CommonSettings.REGISTRY_URL.key(), deployment.registryUrl(),
                CommonSettings.STATE_DIR.key(), folder.resolve("locked").toString(),
                DashboardSettings.HTTP_PORT.key(), "0",
                DashboardSettings.TOKEN.key(), TOKEN));
        values.putAll(Map.of(
                AccessSettings.ISSUER.key(),
                issuer.uri(),
                AccessSettings.AUDIENCE.key(),
                PageIssuer.AUDIENCE,
                AccessSettings.CLIENT_ID.key(),
                PageIssuer.CLIENT,
                AccessSettings.TENANTS_CLAIM.key(),
                "tenants"));
        return new Dashboard(
                ServiceContext.of("dashboard", Settings.of(declared, values), ProgressSink.NONE),
                Dashboard.Model.UNKNOWN,
                WELL);
    }

    private static Optional<Path> browser() {
        String named = System.getenv("CIRCUITSTREAM_CHROMIUM");
        return Stream.concat(
                        Stream.ofNullable(named),
                        Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"))
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The dashboard as an operator would run it, on one port whatever happens to its process. */
    private final class Server implements AutoCloseable {
        private final Deployment deployment;
        private final int port;
        private ChildJvm process;

        Server(Deployment deployment) throws IOException {
            this.deployment = deployment;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                this.port = free.getLocalPort();
            }
        }

        URI url() {
            return URI.create("http://127.0.0.1:" + port);
        }

        synchronized Void start() {
            launch();
            awaitReady();
            return null;
        }

        synchronized void launch() {
            Map<String, String> environment = new HashMap<>();
            environment.put("CIRCUITSTREAM_KAFKA_BOOTSTRAP_SERVERS", deployment.bootstrapServers());
            environment.put("CIRCUITSTREAM_SCHEMA_REGISTRY_URL", deployment.registryUrl());
            environment.put(
                    "CIRCUITSTREAM_STATE_DIR", folder.resolve("dashboard").toString());
            environment.put("CIRCUITSTREAM_HTTP_PORT", Integer.toString(port));
            environment.put(
                    "CIRCUITSTREAM_MODEL", Samples.MODEL.toAbsolutePath().toString());
            process = ChildJvm.start(new ChildJvm.Command(
                    "dashboard",
                    "io.circuitstream.dashboard.Main",
                    List.of("-Xmx512m"),
                    List.of(),
                    environment,
                    folder));
        }

        void awaitReady() {
            Awaitility.await().atMost(START).ignoreExceptions().until(() -> status() == 200);
        }

        private int status() throws IOException, InterruptedException {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(url().resolve("/readyz")).build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }

        synchronized Void kill() throws InterruptedException {
            process.kill9();
            return null;
        }

        @Override
        public synchronized void close() {
            if (process != null) {
                process.close();
            }
        }
    }
}
