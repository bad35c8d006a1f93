package io.circuitstream.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitstream.dashboard.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Watches the live events of a dashboard as a page would, until it is closed or the server is gone. */
final class LiveClient implements AutoCloseable {
    private final Stream<String> lines;
    final List<Received> events = new CopyOnWriteArrayList<>();

    /**
     * @param id null of an event that may be lost
     * @param nanos when it came
     */
    record Received(@Nullable String id, String name, JsonNode data, long nanos) {}

    LiveClient(URI server, @Nullable String lastEventId) throws IOException, InterruptedException {
        this(new ApiClient(server), lastEventId);
    }

    LiveClient(ApiClient api, @Nullable String lastEventId) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(api.server().resolve("/api/v1/events"));
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        if (api.token() != null) {
            request.header("Authorization", "Bearer " + api.token());
        }
        HttpResponse<Stream<String>> response =
                HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofLines());
        lines = response.body();
        Thread reader = new Thread(this::read, "live-client");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        String[] id = {null};
        String[] name = {""};
        try {
            lines.forEach(line -> {
                if (line.startsWith("id: ")) {
                    id[0] = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    name[0] = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    events.add(new Received(id[0], name[0], tree(line.substring(6)), System.nanoTime()));
                    id[0] = null;
                }
            });
        } catch (UncheckedIOException e) {
            // The server is gone, or this was closed.
        }
    }

    private static JsonNode tree(String json) {
        try {
            return Json.MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Received> named(String name) {
        return events.stream().filter(event -> event.name().equals(name)).toList();
    }

    /** The last id that was seen. */
    String lastId() {
        return events.stream()
                .map(Received::id)
                .filter(id -> id != null)
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    @Override
    public void close() {
        lines.close();
    }
}
