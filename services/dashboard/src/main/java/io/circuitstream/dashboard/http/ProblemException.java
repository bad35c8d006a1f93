package io.circuitstream.dashboard.http;

import java.util.Map;

/** What is answered instead of what was asked for (RFC 9457). The detail is for a person and names nothing from inside. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String title;
    private final transient Map<String, String> headers;

    ProblemException(int status, String title, String detail) {
        this(status, title, detail, Map.of());
    }

    ProblemException(int status, String title, String detail, Map<String, String> headers) {
        super(detail);
        this.status = status;
        this.title = title;
        this.headers = headers;
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

    Map<String, String> headers() {
        return headers;
    }
}
