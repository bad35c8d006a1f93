package io.circuitstream.dashboard.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The page, from the class path. Every address without a dot is a view of the page itself. */
final class StaticFiles {
    private static final String FOLDER = "/ui";
    private static final String PAGE = "/index.html";
    /** No dot begins a part, so that nothing leads out of the folder; a percent sign is in no name. */
    private static final Pattern NAME = Pattern.compile("(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+");

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("json", "application/json"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("txt", "text/plain; charset=utf-8"));

    private final Map<String, byte[]> known = new ConcurrentHashMap<>();

    void answer(Context context) throws IOException {
        String path = context.path();
        String name = path.contains(".") ? path : PAGE;
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        Optional<byte[]> file = type == null || !NAME.matcher(name).matches() ? Optional.empty() : read(name);
        if (file.isEmpty()) {
            throw ProblemException.notFound(
                    name.equals(PAGE) ? "This build has no page, only the API." : "There is nothing at this address.");
        }
        context.header(
                "Cache-Control", name.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
        context.contentType(type).result(file.get());
    }

    private Optional<byte[]> read(String name) throws IOException {
        byte[] bytes = known.get(name);
        if (bytes == null) {
            try (InputStream in = StaticFiles.class.getResourceAsStream(FOLDER + name)) {
                if (in == null) {
                    return Optional.empty();
                }
                bytes = in.readAllBytes();
                known.put(name, bytes);
            }
        }
        return Optional.of(bytes);
    }
}
