package io.circuitstream.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitstream.dashboard.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.jspecify.annotations.Nullable;

/**
 * Calls a dashboard as a program would.
 *
 * @param token null for none
 */
record ApiClient(URI server, @Nullable String token) {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    ApiClient(URI server) {
        this(server, null);
    }

    record Answer(int status, HttpResponse<byte[]> response) {
        JsonNode json() throws IOException {
            return Json.MAPPER.readTree(response.body());
        }

        String type() {
            return response.headers().firstValue("Content-Type").orElse("");
        }
    }

    Answer get(String path) throws IOException, InterruptedException {
        return call("GET", path, null);
    }

    Answer post(String path, Object body) throws IOException, InterruptedException {
        return call("POST", path, Json.bytes(body));
    }

    Answer put(String path, Object body) throws IOException, InterruptedException {
        return call("PUT", path, Json.bytes(body));
    }

    Answer call(String method, String path, byte[] body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<byte[]> response = HTTP.send(request.build(), BodyHandlers.ofByteArray());
        return new Answer(response.statusCode(), response);
    }
}
