package io.circuitstream.dashboard.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.circuitstream.dashboard.access.Access;
import io.circuitstream.dashboard.json.Json;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerTest {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    static Path folder;

    private static Offline open;
    private static Offline locked;

    @BeforeAll
    static void start() {
        open = new Offline(folder.resolve("open"), Access.OPEN, 64);
        locked = new Offline(folder.resolve("locked"), Offline.token("secret"), 64);
    }

    @AfterAll
    static void stop() throws Exception {
        open.close();
        locked.close();
    }

    private static HttpResponse<String> call(URI uri, String method, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static String concrete(Route route) {
        return Server.BASE
                + route.path().replaceAll("\\{(layer|feature)\\}", "1").replaceAll("\\{[a-zA-Z]+\\}", "x");
    }

    @Test
    void shouldDescribeExactlyTheAddressesThatThereAre() throws Exception {
        JsonNode document;
        try (InputStream in = ServerTest.class.getResourceAsStream("/openapi.yaml")) {
            document = new YAMLMapper().readTree(in);
        }
        Set<String> described = new TreeSet<>();
        document.path("paths")
                .fields()
                .forEachRemaining(path -> path.getValue().fields().forEachRemaining(operation -> {
                    if (!operation.getKey().equals("parameters")) {
                        described.add(operation.getKey() + " " + path.getKey() + " " + rights(operation.getValue()));
                    }
                }));
        Set<String> routed = open.routes.stream()
                .map(route -> route.method().name().toLowerCase(Locale.ROOT) + " " + route.path() + " "
                        + (route.role() == null ? "none" : route.role().spelling())
                        + (route.ofAllTenants() ? " of all tenants" : ""))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(described).isEqualTo(routed);
        HttpResponse<String> served = call(open.uri.resolve("/api/v1/openapi.json"), "GET", null);
        assertThat(Json.MAPPER.readTree(served.body())).isEqualTo(document);
    }

    private static String rights(JsonNode operation) {
        return operation.path("x-role").asText()
                + (operation.path("x-all-tenants").booleanValue() ? " of all tenants" : "");
    }

    @Test
    void shouldRefuseEveryAddressOfTheApiWhenTheTokenIsMissingOrWrong() throws Exception {
        assertThat(locked.routes).hasSizeGreaterThan(25);
        for (Route route : locked.routes) {
            if (route.path().equals("/access")) {
                continue;
            }
            URI uri = locked.uri.resolve(concrete(route));
            String body = route.method().name().equals("GET") ? null : "{}";
            for (String[] headers :
                    new String[][] {{}, {"Authorization", "Bearer secre"}, {"Authorization", "secret"}}) {
                HttpResponse<String> answer = call(uri, route.method().name(), body, headers);

                assertThat(answer.statusCode()).as("%s", uri).isEqualTo(401);
                assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
                assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                        .startsWith("application/problem+json");
            }
        }
        assertThat(call(locked.uri.resolve("/api/v1/nothing"), "GET", null).statusCode())
                .isEqualTo(401);
        HttpResponse<String> admitted =
                call(locked.uri.resolve("/api/v1/config"), "GET", null, "Authorization", "Bearer secret");
        assertThat(admitted.statusCode()).isEqualTo(200);
        assertThat(Json.MAPPER.readTree(admitted.body()).path("authRequired").booleanValue())
                .isTrue();
        assertThat(call(locked.uri.resolve("/livez"), "GET", null).statusCode()).isEqualTo(200);
    }

    @Test
    void shouldAnswerWithAProblemWhenAnythingIsWrong() throws Exception {
        assertProblem(call(open.uri.resolve("/api/v1/nothing"), "GET", null), 404);
        assertProblem(call(open.uri.resolve("/api/v1/tokens"), "GET", null), 405);
        assertProblem(call(open.uri.resolve("/api/v1/config"), "POST", "{}"), 405);
        assertProblem(call(open.uri.resolve("/api/v1/traces/unknown"), "GET", null), 404);
        assertProblem(call(open.uri.resolve("/api/v1/traces"), "POST", "{"), 400);
        assertProblem(call(open.uri.resolve("/api/v1/traces"), "POST", "[]"), 400);
        assertProblem(call(open.uri.resolve("/api/v1/traces"), "POST", "{\"text\":\"" + "a".repeat(101) + "\"}"), 413);
        assertProblem(call(open.uri.resolve("/api/v1/imports"), "POST", "x".repeat(10_001)), 413);
        assertProblem(call(open.uri.resolve("/api/v1/imports"), "POST", "x"), 400);
        assertProblem(call(open.uri.resolve("/api/v1/traces"), "POST", "[".repeat(1_000)), 400);
    }

    @Test
    void shouldStopReadingWhenAnImportOfUnknownLengthIsTooLarge() throws Exception {
        HttpRequest chunked = HttpRequest.newBuilder(open.uri.resolve("/api/v1/imports"))
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[10_001])))
                .build();

        assertProblem(HTTP.send(chunked, BodyHandlers.ofString()), 413);
    }

    private static void assertProblem(HttpResponse<String> answer, int status) throws Exception {
        assertThat(answer.statusCode()).as(answer.uri() + " " + answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
        JsonNode problem = Json.MAPPER.readTree(answer.body());
        assertThat(problem.path("status").intValue()).isEqualTo(status);
        assertThat(problem.path("title").textValue()).isNotEmpty();
        assertThat(answer.body()).doesNotContain("Exception").doesNotContain("io.circuitstream");
    }

    @Test
    void shouldRefuseAChangeWhenAnotherSitesPageAsksForIt() throws Exception {
        URI uri = open.uri.resolve("/api/v1/traces");

        assertProblem(call(uri, "POST", "{}", "Origin", "https://elsewhere.example"), 403);
        assertProblem(call(uri, "POST", "{}", "Sec-Fetch-Site", "cross-site"), 403);
        assertProblem(call(uri, "POST", "{}", "Origin", "http://127.0.0.1:" + open.uri.getPort()), 400);
        assertProblem(call(uri, "POST", "{}", "Sec-Fetch-Site", "same-origin"), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../openapi.yaml",
                "/..%2fopenapi.yaml",
                "/%2e%2e/openapi.yaml",
                "/assets/../../openapi.yaml",
                "/.hidden.js",
                "//etc/passwd.txt",
                "/..\\openapi.yaml",
                "/openapi.yaml"
            })
    void shouldLeadNowhereWhenAPathLeavesThePage(String path) throws Exception {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).matches("(?s)HTTP/1.1 40[04].*").doesNotContain("openapi: 3");
    }

    @Test
    void shouldRefuseAnotherNameForItselfWhenItIsOnLoopbackWithoutAToken() throws Exception {
        assertThat(raw("GET /api/v1/config HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403");
        assertThat(raw("GET /api/v1/config HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    private static String raw(String request) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), open.uri.getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void shouldTellTheOrchestratorWhenItAsks() throws Exception {
        HttpResponse<String> ready = call(open.uri.resolve("/readyz"), "GET", null);

        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).contains("no brokers");
        assertThat(call(open.uri.resolve("/metrics"), "GET", null).body()).isEqualTo("metrics\n");
    }

    @Test
    void shouldCompressWhenTheAnswerIsLongAndTheClientCan() throws Exception {
        HttpResponse<String> answer =
                call(open.uri.resolve("/api/v1/openapi.json"), "GET", null, "Accept-Encoding", "gzip");

        assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
    }
}
