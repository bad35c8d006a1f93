package io.circuitstream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EmbeddedRegistryTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ONE =
            "{'type':'record','name':'A','fields':[{'name':'x','type':'int'}]}".replace('\'', '"');
    /** A new field without a default: cannot read data of ONE, but ONE can read its data. */
    private static final String FORWARD_ONLY =
            "{'type':'record','name':'A','fields':[{'name':'x','type':'int'},{'name':'y','type':'int'}]}"
                    .replace('\'', '"');

    private static final String BOTH_WAYS =
            "{'type':'record','name':'A','fields':[{'name':'x','type':'int'},{'name':'y','type':'int','default':0}]}"
                    .replace('\'', '"');

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    private EmbeddedRegistry registry;

    @BeforeEach
    void start() {
        registry = EmbeddedRegistry.start(folder, 0);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void shouldGiveOneIdPerSchemaWhenSeveralSubjectsRegisterIt() throws Exception {
        assertThat(register("a-value", ONE).body()).isEqualTo("{\"id\":1}");
        assertThat(register("a-value", ONE).body()).isEqualTo("{\"id\":1}");
        assertThat(register("b-value", ONE).body()).isEqualTo("{\"id\":1}");
        assertThat(register("b-value", BOTH_WAYS).body()).isEqualTo("{\"id\":2}");

        assertThat(get("/subjects").body()).isEqualTo("[\"a-value\",\"b-value\"]");
        assertThat(get("/subjects/b-value/versions").body()).isEqualTo("[1,2]");
        assertThat(json(get("/subjects/b-value/versions/latest")).get("schema").textValue())
                .isEqualTo(BOTH_WAYS);
        assertThat(json(get("/schemas/ids/1")).get("schema").textValue()).isEqualTo(ONE);
        assertThat(json(get("/schemas/ids/1/versions"))).hasSize(2);
        assertThat(get("/schemas/types").body()).isEqualTo("[\"AVRO\"]");
        JsonNode found = json(post("/subjects/b-value", body(BOTH_WAYS)));
        assertThat(found.get("version").intValue()).isEqualTo(2);
        assertThat(found.get("id").intValue()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "/subjects/none/versions,               404, 40401",
        "/subjects/none/versions/latest,        404, 40401",
        "/subjects/a-value/versions/2,          404, 40402",
        "/subjects/a-value/versions/0,          422, 42202",
        "/subjects/a-value/versions/first,      422, 42202",
        "/schemas/ids/99,                       404, 40403",
        "/schemas/ids/99/versions,              404, 40403",
        "/schemas/ids/-1,                       404, 40403",
        "/config/a-value,                       404, 40408",
        "/nowhere,                              404, 404",
        "/subjects/a-value/versions/1/more,     404, 404"
    })
    void shouldAnswerConfluentsErrorCodeWhenSomethingIsNotThere(String path, int status, int code) throws Exception {
        register("a-value", ONE);

        assertError(get(path), status, code);
    }

    @Test
    void shouldAnswerConfluentsErrorCodeWhenASchemaIsRefused() throws Exception {
        register("a-value", ONE);

        assertError(post("/subjects/none", body(ONE)), 404, 40401);
        assertError(post("/subjects/a-value", body(BOTH_WAYS)), 404, 40403);
        assertError(register("a-value", "{\"type\":\"rec\"}"), 422, 42201);
        assertError(
                post("/subjects/a-value/versions", "{\"schema\":\"\\\"int\\\"\",\"schemaType\":\"JSON\"}"), 422, 42201);
        assertError(post("/subjects/a-value/versions", "not json"), 422, 422);
        assertError(post("/subjects/a-value/versions", "[]"), 422, 422);
        assertError(post("/subjects/a-value/versions", ""), 422, 422);
        HttpResponse<String> large =
                post("/subjects/a-value/versions", "x".repeat(EmbeddedRegistry.MAX_BODY_BYTES + 1));
        assertError(large, 413, 413);
        assertThat(get("/subjects/a-value/versions").body()).isEqualTo("[1]");
    }

    @Test
    void shouldRefuseWithReasonsWhenASchemaIsIncompatible() throws Exception {
        register("a-value", ONE);

        HttpResponse<String> refused = register("a-value", FORWARD_ONLY);

        assertError(refused, 409, 409);
        assertThat(refused.body()).contains("READER_FIELD_MISSING_DEFAULT_VALUE", "version 1", "/fields/1");
        assertThat(get("/subjects/a-value/versions").body()).isEqualTo("[1]");
        assertThat(post("/compatibility/subjects/a-value/versions/latest", body(FORWARD_ONLY))
                        .body())
                .isEqualTo("{\"is_compatible\":false}");
        assertThat(json(post("/compatibility/subjects/a-value/versions?verbose=true", body(FORWARD_ONLY)))
                        .get("messages"))
                .hasSize(1);
        assertThat(post("/compatibility/subjects/a-value/versions/1", body(BOTH_WAYS))
                        .body())
                .isEqualTo("{\"is_compatible\":true}");
    }

    @Test
    void shouldUseTheSubjectsLevelBeforeTheGlobalOneWhenBothAreSet() throws Exception {
        assertThat(get("/config").body()).isEqualTo("{\"compatibilityLevel\":\"FULL_TRANSITIVE\"}");
        assertThat(put("/config/a-value", "{\"compatibility\":\"forward\"}").body())
                .isEqualTo("{\"compatibility\":\"FORWARD\"}");
        register("a-value", ONE);
        register("b-value", ONE);

        assertThat(register("a-value", FORWARD_ONLY).statusCode()).isEqualTo(200);
        assertError(register("b-value", FORWARD_ONLY), 409, 409);
        put("/config", "{\"compatibility\":\"NONE\"}");
        assertThat(register("b-value", "\"string\"").statusCode()).isEqualTo(200);
        assertThat(get("/config/b-value?defaultToGlobal=true").body()).contains("NONE");
        assertError(put("/config", "{\"compatibility\":\"SIDEWAYS\"}"), 422, 42203);
        assertThat(get("/mode").body()).isEqualTo("{\"mode\":\"READWRITE\"}");
        assertError(put("/mode", "{\"mode\":\"READONLY\"}"), 422, 42204);
    }

    @Test
    void shouldKeepIdsVersionsAndLevelsWhenRestarted() throws Exception {
        register("a/β value", ONE);
        register("a/β value", BOTH_WAYS);
        put("/config/x", "{\"compatibility\":\"NONE\"}");

        restart();

        assertThat(get("/subjects").body()).isEqualTo("[\"a/β value\"]");
        assertThat(register("other", BOTH_WAYS).body()).isEqualTo("{\"id\":2}");
        assertThat(register("third", "\"string\"").body()).isEqualTo("{\"id\":3}");
        assertThat(get("/config/x").body()).contains("NONE");
    }

    @Test
    void shouldDropTheLastLineWhenItWasNotWrittenCompletely() throws Exception {
        register("a-value", ONE);
        register("a-value", BOTH_WAYS);
        byte[] whole = Files.readAllBytes(file());
        registry.close();
        Files.write(file(), Arrays.copyOf(whole, whole.length - 20));

        registry = EmbeddedRegistry.start(folder, 0);

        assertThat(get("/subjects/a-value/versions").body()).isEqualTo("[1]");
        assertThat(register("a-value", BOTH_WAYS).body()).isEqualTo("{\"id\":2}");
        restart();
        assertThat(get("/subjects/a-value/versions").body()).isEqualTo("[1,2]");
        assertThat(Files.readAllBytes(file())).isEqualTo(whole);
    }

    @Test
    void shouldRefuseToStartNamingTheLineWhenAnEarlierLineIsDamaged() throws Exception {
        register("a-value", ONE);
        registry.close();
        Files.write(file(), "garbage\n{}\n".getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);

        assertThatThrownBy(() -> EmbeddedRegistry.start(folder, 0))
                .isInstanceOf(EmbeddedException.class)
                .hasMessageContaining("Line 2 of")
                .hasMessageContaining("schemas.jsonl");
        Files.delete(file());
        registry = EmbeddedRegistry.start(folder, 0);
        assertThat(get("/subjects").body()).isEqualTo("[]");
    }

    @Test
    void shouldRefuseASecondStartWhenFolderOrPortIsInUse(@TempDir Path other) throws Exception {
        assertThatThrownBy(() -> EmbeddedRegistry.start(folder, 0))
                .isInstanceOf(EmbeddedException.class)
                .hasMessageContaining("in use by another start");
        try (ServerSocket occupied = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedRegistry.start(other, occupied.getLocalPort()))
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessageContaining("port " + occupied.getLocalPort() + " is in use");
        }
        EmbeddedRegistry.start(other, 0).close();
    }

    private Path file() {
        return folder.resolve("schemas.jsonl");
    }

    private void restart() {
        registry.close();
        registry.close();
        registry = EmbeddedRegistry.start(folder, 0);
    }

    private static void assertError(HttpResponse<String> answer, int status, int code) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/vnd.schemaregistry.v1+json");
        assertThat(json(answer).get("error_code").intValue()).isEqualTo(code);
        assertThat(json(answer).get("message").textValue()).isNotBlank();
    }

    private HttpResponse<String> register(String subject, String schema) throws Exception {
        String encoded = URLEncoder.encode(subject, StandardCharsets.UTF_8);
        return post("/subjects/" + encoded + "/versions", body(schema));
    }

    private static String body(String schema) {
        return JSON.createObjectNode().put("schema", schema).toString();
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(registry.url() + path)).GET());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(registry.url() + path)).POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> put(String path, String body) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(registry.url() + path)).PUT(BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }
}
