package io.circuitstream.platform.serde;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Confluent's REST interface over the JDK's HTTP client. Every call blocks: it tries each address in turn, then waits and
 * starts again, with the wait doubling, until the retries are used up. Does not cache. Safe for use by several threads.
 */
final class RegistryClient {
    private static final String JSON_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RegistrySettings settings;

    RegistryClient(RegistrySettings settings) {
        this.settings = settings;
    }

    /** A schema as the registry has it. */
    record Registered(int id, String schema) {}

    /** Returns the id of the schema, registered now or before. */
    int register(String subject, Schema schema) {
        String what = "subject " + subject;
        return id(call("/subjects/" + encode(subject) + "/versions", body(schema)), what);
    }

    /** Returns the id of the schema if the subject has it already. */
    int lookup(String subject, Schema schema) {
        return id(call("/subjects/" + encode(subject), body(schema)), "subject " + subject);
    }

    Registered latest(String subject) {
        Answer answer = call("/subjects/" + encode(subject) + "/versions/latest", null);
        return new Registered(id(answer, "subject " + subject), text(answer, "subject " + subject));
    }

    /** Returns the text of the schema, empty if the registry knows that it has no such id. */
    Optional<String> schema(int id) {
        Answer answer = call("/schemas/ids/" + id, null);
        return answer.errorCode() == 40403 ? Optional.empty() : Optional.of(text(answer, "schema id " + id));
    }

    private static int id(Answer answer, String what) {
        if (answer.status() == 200 && answer.body().path("id").isInt()) {
            return answer.body().path("id").intValue();
        }
        throw refused(answer, what);
    }

    private static String text(Answer answer, String what) {
        if (answer.status() == 200 && answer.body().path("schema").isTextual()) {
            return answer.body().path("schema").textValue();
        }
        throw refused(answer, what);
    }

    /** Never a bad record: a proxy's error page must not send every record to the dead letters. */
    private static RegistryRefusedException refused(Answer answer, String what) {
        String reason =
                switch (answer.errorCode()) {
                    case 409 -> "the schema of this version is incompatible with a registered one";
                    case 40401, 40403 -> "the schema is not registered: register it, or set auto.register.schemas=true";
                    case 401, 403 -> "the credentials are refused: check basic.auth.* or bearer.auth.token";
                    default -> "unexpected answer: check that schema.registry.url is a schema registry";
                };
        return new RegistryRefusedException("Schema registry " + answer.from() + " refused " + what + " (HTTP "
                + answer.status() + "): " + reason + ". It says: " + answer.message());
    }

    private Answer call(String path, @Nullable String body) {
        Duration wait = settings.retryWait();
        for (int attempt = 0; ; attempt++) {
            StringJoiner failures = new StringJoiner("; ");
            IOException last = null;
            for (URI url : settings.urls()) {
                try {
                    Answer answer = send(url, path, body);
                    if (!answer.isOutage()) {
                        return answer;
                    }
                    failures.add(url + " (HTTP " + answer.status() + ")");
                } catch (IOException e) {
                    last = e;
                    failures.add(url + " (" + reason(e) + ")");
                }
            }
            if (attempt >= settings.maxRetries()) {
                throw new RegistryUnavailableException(
                        "No schema registry answers: " + failures + ", after " + (attempt + 1)
                                + " attempts. Check that it runs and schema.registry.url",
                        last);
            }
            pause(wait);
            wait = min(wait.multipliedBy(2), settings.retryMaxWait());
        }
    }

    private Answer send(URI url, String path, @Nullable String body) throws IOException {
        BodyPublisher content = body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(settings.readTimeout())
                .header("Accept", JSON_TYPE)
                .header("Content-Type", JSON_TYPE)
                .method(body == null ? "GET" : "POST", content);
        if (settings.authorization() != null) {
            request.header("Authorization", settings.authorization());
        }
        try {
            HttpResponse<String> response = settings.http().send(request.build(), BodyHandlers.ofString());
            return new Answer(url, response.statusCode(), parse(response.body()));
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** @param body {@code MissingNode} when it is not JSON */
    private record Answer(URI from, int status, JsonNode body) {
        /** The registry's own code, the HTTP status if there is none. */
        int errorCode() {
            return body.path("error_code").asInt(status);
        }

        String message() {
            return body.path("message").asText("nothing");
        }

        /** Something that passes: overload, a restart behind a proxy, a registry that has lost its storage. */
        boolean isOutage() {
            return status >= 500 || status == 429 || status == 408;
        }
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    private static String body(Schema schema) {
        return JSON.createObjectNode().put("schema", schema.toString()).toString();
    }

    /** In a path, a space is {@code %20}. */
    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The JDK's client leaves the message out when a connection is refused. */
    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static void pause(Duration wait) {
        try {
            TimeUnit.MILLISECONDS.sleep(wait.toMillis());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
