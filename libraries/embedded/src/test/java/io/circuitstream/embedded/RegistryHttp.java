package io.circuitstream.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** Speaks to a registry as any HTTP client does. */
record RegistryHttp(String url) {
    private static final ObjectMapper JSON = new ObjectMapper();
    static final String ONE = "{'type':'record','name':'A','fields':[{'name':'x','type':'int'}]}".replace('\'', '"');
    /** A new field without a default: cannot read data of ONE, but ONE can read its data. */
    static final String FORWARD_ONLY =
            "{'type':'record','name':'A','fields':[{'name':'x','type':'int'},{'name':'y','type':'int'}]}"
                    .replace('\'', '"');

    static final String BOTH_WAYS =
            "{'type':'record','name':'A','fields':[{'name':'x','type':'int'},{'name':'y','type':'int','default':0}]}"
                    .replace('\'', '"');

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    static void assertError(HttpResponse<String> answer, int status, int code) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/vnd.schemaregistry.v1+json");
        assertThat(json(answer).get("error_code").intValue()).isEqualTo(code);
        assertThat(json(answer).get("message").textValue()).isNotBlank();
    }

    HttpResponse<String> register(String subject, String schema) throws Exception {
        String encoded = URLEncoder.encode(subject, StandardCharsets.UTF_8);
        return post("/subjects/" + encoded + "/versions", body(schema));
    }

    static String body(String schema) {
        return JSON.createObjectNode().put("schema", schema).toString();
    }

    static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url + path)).GET());
    }

    HttpResponse<String> post(String path, String body) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url + path)).POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> put(String path, String body) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url + path)).PUT(BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }
}
