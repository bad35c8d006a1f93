package io.circuitstream.description.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.platform.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Asks an endpoint by {@code POST /chat/completions}. Thread-safe. */
final class ChatClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_TOKENS = 40;
    private static final int MOST_CHARACTERS = 120;

    private final HttpClient client;
    private final URI address;
    private final String model;
    private final @Nullable String token;
    private final Duration timeout;

    /** @param url as set in the settings */
    ChatClient(Settings settings, String url) {
        this.address = URI.create(url.replaceFirst("/+$", "") + "/chat/completions");
        this.model = settings.get(EndpointSettings.MODEL);
        this.token = settings.find(EndpointSettings.TOKEN).orElse(null);
        this.timeout = settings.get(EndpointSettings.TIMEOUT);
        this.client = HttpClient.newBuilder().connectTimeout(timeout).build();
    }

    String model() {
        return model;
    }

    /** The first line of the answer, without quotation marks, at most 120 characters. */
    String ask(String instruction, String question) throws EndpointException, InterruptedException {
        try {
            HttpResponse<String> response =
                    client.send(request(body(instruction, question)), HttpResponse.BodyHandlers.ofString());
            int status = response.statusCode();
            if (status != 200) {
                boolean refused = status == 400 || status == 401 || status == 403 || status == 404;
                throw new EndpointException(address + " answers " + status, refused);
            }
            return label(response.body());
        } catch (JsonProcessingException e) {
            throw new EndpointException(address + " answers with something that is not JSON", false);
        } catch (IOException e) {
            throw new EndpointException(
                    address + " gives no answer: " + e.getClass().getSimpleName(), false);
        }
    }

    private HttpRequest request(String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return request.build();
    }

    private String body(String instruction, String question) {
        ObjectNode body = JSON.createObjectNode()
                .put("model", model)
                .put("temperature", 0)
                .put("max_tokens", MOST_TOKENS);
        ArrayNode messages = body.putArray("messages");
        messages.addObject().put("role", "system").put("content", instruction);
        messages.addObject().put("role", "user").put("content", question);
        return body.toString();
    }

    private String label(String body) throws JsonProcessingException, EndpointException {
        String text =
                JSON.readTree(body).at("/choices/0/message/content").asText().strip();
        String line = text.lines()
                .findFirst()
                .orElse("")
                .replaceAll("^[\"'“]+|[\"'”.]+$", "")
                .strip();
        if (line.isEmpty()) {
            throw new EndpointException(address + " answers without a label", false);
        }
        return line.length() <= MOST_CHARACTERS ? line : line.substring(0, MOST_CHARACTERS);
    }
}
