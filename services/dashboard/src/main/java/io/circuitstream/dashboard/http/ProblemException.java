package io.circuitstream.dashboard.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is answered instead of what was asked for (RFC 9457). The detail is for a person and names nothing from inside. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String title;
    private final transient Map<String, String> headers;
    private final transient @Nullable JsonNode current;

    ProblemException(int status, String title, String detail) {
        this(status, title, detail, Map.of());
    }

    ProblemException(int status, String title, String detail, Map<String, String> headers) {
        this(status, title, detail, headers, null);
    }

    private ProblemException(
            int status, String title, String detail, Map<String, String> headers, @Nullable JsonNode current) {
        super(detail);
        this.status = status;
        this.title = title;
        this.headers = headers;
        this.current = current;
    }

    /** @param current what the caller should have changed instead */
    static ProblemException conflict(String detail, JsonNode current) {
        return new ProblemException(409, "Conflict", detail, Map.of(), current);
    }

    static ProblemException badRequest(String detail) {
        return new ProblemException(400, "Bad request", detail);
    }

    static ProblemException notFound(String detail) {
        return new ProblemException(404, "Not found", detail);
    }

    static ProblemException tooLarge(String detail) {
        return new ProblemException(413, "Too large", detail);
    }

    static ProblemException unavailable(String detail) {
        return new ProblemException(503, "Unavailable", detail, Map.of("Retry-After", "1"));
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    /** What there is now, of a conflict; otherwise null. */
    @Nullable
    JsonNode current() {
        return current;
    }

    Map<String, String> headers() {
        return headers;
    }
}
