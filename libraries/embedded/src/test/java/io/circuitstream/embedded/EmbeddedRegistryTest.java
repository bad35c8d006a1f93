package io.circuitstream.embedded;

import static io.circuitstream.embedded.RegistryHttp.BOTH_WAYS;
import static io.circuitstream.embedded.RegistryHttp.FORWARD_ONLY;
import static io.circuitstream.embedded.RegistryHttp.ONE;
import static io.circuitstream.embedded.RegistryHttp.assertError;
import static io.circuitstream.embedded.RegistryHttp.body;
import static io.circuitstream.embedded.RegistryHttp.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Confluent's REST interface: answers and error codes. */
final class EmbeddedRegistryTest {
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
        assertThat(http().register("a-value", ONE).body()).isEqualTo("{\"id\":1}");
        assertThat(http().register("a-value", ONE).body()).isEqualTo("{\"id\":1}");
        assertThat(http().register("b-value", ONE).body()).isEqualTo("{\"id\":1}");
        assertThat(http().register("b-value", BOTH_WAYS).body()).isEqualTo("{\"id\":2}");

        assertThat(http().get("/subjects").body()).isEqualTo("[\"a-value\",\"b-value\"]");
        assertThat(http().get("/subjects/b-value/versions").body()).isEqualTo("[1,2]");
        assertThat(json(http().get("/subjects/b-value/versions/latest"))
                        .get("schema")
                        .textValue())
                .isEqualTo(BOTH_WAYS);
        assertThat(json(http().get("/schemas/ids/1")).get("schema").textValue()).isEqualTo(ONE);
        assertThat(json(http().get("/schemas/ids/1/versions"))).hasSize(2);
        assertThat(http().get("/schemas/types").body()).isEqualTo("[\"AVRO\"]");
        JsonNode found = json(http().post("/subjects/b-value", body(BOTH_WAYS)));
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
        http().register("a-value", ONE);

        assertError(http().get(path), status, code);
    }

    @Test
    void shouldAnswerConfluentsErrorCodeWhenASchemaIsRefused() throws Exception {
        http().register("a-value", ONE);

        assertError(http().post("/subjects/none", body(ONE)), 404, 40401);
        assertError(http().post("/subjects/a-value", body(BOTH_WAYS)), 404, 40403);
        assertError(http().register("a-value", "{\"type\":\"rec\"}"), 422, 42201);
        assertError(
                http().post("/subjects/a-value/versions", "{\"schema\":\"\\\"int\\\"\",\"schemaType\":\"JSON\"}"),
                422,
                42201);
        assertError(http().post("/subjects/a-value/versions", "not json"), 422, 422);
        assertError(http().post("/subjects/a-value/versions", "[]"), 422, 422);
        assertError(http().post("/subjects/a-value/versions", ""), 422, 422);
        HttpResponse<String> large =
                http().post("/subjects/a-value/versions", "x".repeat(EmbeddedRegistry.MAX_BODY_BYTES + 1));
        assertError(large, 413, 413);
        assertThat(http().get("/subjects/a-value/versions").body()).isEqualTo("[1]");
    }

    @Test
    void shouldRefuseWithReasonsWhenASchemaIsIncompatible() throws Exception {
        http().register("a-value", ONE);

        HttpResponse<String> refused = http().register("a-value", FORWARD_ONLY);

        assertError(refused, 409, 409);
        assertThat(refused.body()).contains("READER_FIELD_MISSING_DEFAULT_VALUE", "version 1", "/fields/1");
        assertThat(http().get("/subjects/a-value/versions").body()).isEqualTo("[1]");
        assertThat(http().post("/compatibility/subjects/a-value/versions/latest", body(FORWARD_ONLY))
                        .body())
                .isEqualTo("{\"is_compatible\":false}");
        assertThat(json(http().post("/compatibility/subjects/a-value/versions?verbose=true", body(FORWARD_ONLY)))
                        .get("messages"))
                .hasSize(1);
        assertThat(http().post("/compatibility/subjects/a-value/versions/1", body(BOTH_WAYS))
                        .body())
                .isEqualTo("{\"is_compatible\":true}");
    }

    @Test
    void shouldUseTheSubjectsLevelBeforeTheGlobalOneWhenBothAreSet() throws Exception {
        assertThat(http().get("/config").body()).isEqualTo("{\"compatibilityLevel\":\"FULL_TRANSITIVE\"}");
        assertThat(http().put("/config/a-value", "{\"compatibility\":\"forward\"}")
                        .body())
                .isEqualTo("{\"compatibility\":\"FORWARD\"}");
        http().register("a-value", ONE);
        http().register("b-value", ONE);

        assertThat(http().register("a-value", FORWARD_ONLY).statusCode()).isEqualTo(200);
        assertError(http().register("b-value", FORWARD_ONLY), 409, 409);
        http().put("/config", "{\"compatibility\":\"NONE\"}");
        assertThat(http().register("b-value", "\"string\"").statusCode()).isEqualTo(200);
        assertThat(http().get("/config/b-value?defaultToGlobal=true").body()).contains("NONE");
        assertError(http().put("/config", "{\"compatibility\":\"SIDEWAYS\"}"), 422, 42203);
        assertThat(http().get("/mode").body()).isEqualTo("{\"mode\":\"READWRITE\"}");
        assertError(http().put("/mode", "{\"mode\":\"READONLY\"}"), 422, 42204);
    }

    private RegistryHttp http() {
        return new RegistryHttp(registry.url());
    }
}
