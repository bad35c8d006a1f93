package io.circuitstream.platform.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.circuitstream.events.StageProgress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a server that gives the answers it was told to, and an address where nobody listens. */
final class RegistryClientTest {
    private record Scripted(int status, String body) {}

    private static final Scripted ID_7 = new Scripted(200, "{\"id\":7}");

    private final Deque<Scripted> script = new ArrayDeque<>();
    private final List<String> seen = new ArrayList<>();
    private HttpServer server;
    private String url;
    private String dead;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                String path = exchange.getRequestURI().getRawPath();
                seen.add(exchange.getRequestMethod() + " " + path + " "
                        + exchange.getRequestHeaders().getFirst("Authorization"));
                Scripted answer = script.size() > 1 ? script.poll() : script.element();
                byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(answer.status(), bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        server.start();
        url = "http://127.0.0.1:" + server.getAddress().getPort();
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            dead = "http://127.0.0.1:" + socket.getLocalPort();
        }
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void shouldThrowARetriableExceptionNamingTheAddressesWhenNobodyAnswers() {
        byte[] record = WireFormat.frame(1, AvroBody.encode(Events.progress()));
        AvroSerde<StageProgress> serde = new AvroSerde<>(StageProgress.class);
        serde.configure(configs(dead + "," + dead + "/second", Map.of()), false);

        assertThatThrownBy(() -> serde.deserializer().deserialize("t", record))
                .isInstanceOf(RegistryUnavailableException.class)
                .isInstanceOf(RetriableException.class)
                .isNotInstanceOf(SerializationException.class)
                .hasMessageContaining(dead + " (")
                .hasMessageContaining(dead + "/second (")
                .hasMessageContaining("after 3 attempts");
        assertThatThrownBy(() -> serde.serializer().serialize("t", Events.progress()))
                .isInstanceOf(RegistryUnavailableException.class);
    }

    @Test
    void shouldUseTheNextAddressWhenTheFirstIsAway() {
        script.add(ID_7);

        assertThat(client(dead + "," + url, Map.of()).register("s", StageProgress.getClassSchema()))
                .isEqualTo(7);
        assertThat(seen).containsExactly("POST /subjects/s/versions null");
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 429, 408})
    void shouldTryAgainWhenTheRegistryIsOnlyBusy(int status) {
        script.add(new Scripted(status, "busy"));
        script.add(new Scripted(status, "busy"));
        script.add(ID_7);

        assertThat(client(url, Map.of()).register("s", StageProgress.getClassSchema()))
                .isEqualTo(7);
        assertThat(seen).hasSize(3);
    }

    @Test
    void shouldGiveUpNamingTheStatusWhenItStaysBusy() {
        script.add(new Scripted(503, ""));

        assertThatThrownBy(() -> client(url, Map.of()).schema(1))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining(url + " (HTTP 503)");
        assertThat(seen).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>not found</html>", "", "{}", "[1]"})
    void shouldRefuseInsteadOfCallingTheRecordBadWhenTheAddressIsNoRegistry(String page) {
        for (int status : new int[] {200, 404, 301}) {
            script.clear();
            script.add(new Scripted(status, page));

            assertThatThrownBy(() -> client(url, Map.of()).schema(1))
                    .as("status %d", status)
                    .isInstanceOf(RegistryRefusedException.class)
                    .hasMessageContaining(url)
                    .hasMessageContaining("schema.registry.url");
        }
        assertThat(seen).hasSize(3);
    }

    @Test
    void shouldSayWhichSettingToCheckWhenCredentialsAreRefused() {
        script.add(new Scripted(401, "{\"error_code\":401,\"message\":\"Unauthorized\"}"));

        assertThatThrownBy(() -> client(url, Map.of("bearer.auth.token", "abc")).schema(1))
                .isInstanceOf(RegistryRefusedException.class)
                .hasMessageContaining("bearer.auth.token")
                .message()
                .doesNotContain("abc");
        assertThat(seen).containsExactly("GET /schemas/ids/1 Bearer abc");
    }

    @Test
    void shouldAskOncePerSchemaWhenManyRecordsPass() {
        script.add(new Scripted(
                200,
                "{\"id\":7,\"schema\":" + quoted(StageProgress.getClassSchema().toString()) + "}"));
        AvroSerde<StageProgress> serde = new AvroSerde<>(StageProgress.class);
        serde.configure(configs(url, Map.of()), false);

        for (int i = 0; i < 5; i++) {
            byte[] bytes = serde.serializer().serialize("a topic", Events.progress());
            assertThat(serde.deserializer().deserialize("a topic", bytes)).isEqualTo(Events.progress());
        }

        assertThat(seen).containsExactly("POST /subjects/a%20topic-value/versions null", "GET /schemas/ids/7 null");
    }

    @Test
    void shouldStopWaitingWhenTheThreadIsInterrupted() {
        Map<String, Object> patient = configs(dead, Map.of());
        patient.put("retries.wait.ms", 60_000);
        patient.put("retries.max.wait.ms", 60_000);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> new RegistryClient(RegistrySettings.of(patient)).schema(1))
                .isInstanceOf(InterruptException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    private static RegistryClient client(String urls, Map<String, Object> extra) {
        return new RegistryClient(RegistrySettings.of(configs(urls, extra)));
    }

    private static Map<String, Object> configs(String urls, Map<String, Object> extra) {
        Map<String, Object> configs = new HashMap<>(extra);
        configs.put("schema.registry.url", urls);
        configs.put("max.retries", 2);
        configs.put("retries.wait.ms", 1);
        return configs;
    }

    private static String quoted(String json) {
        return "\"" + json.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
