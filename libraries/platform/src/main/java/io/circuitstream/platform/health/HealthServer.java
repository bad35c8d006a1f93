package io.circuitstream.platform.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Answers {@code /livez}, {@code /readyz} (200, or 503 with the reason as text) and {@code /metrics} (Prometheus).
 * Without authentication: bind it to an address that only the orchestrator reaches.
 */
public final class HealthServer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads;
    private final Health health;
    private final Supplier<String> metrics;

    private HealthServer(HttpServer server, Health health, Supplier<String> metrics) {
        this.server = server;
        this.health = health;
        this.metrics = metrics;
        this.threads = Executors.newFixedThreadPool(2, task -> {
            Thread thread = new Thread(task, "health");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * A server that answers already.
     *
     * @param port 0 takes any free one, see {@link #uri}
     * @throws UncheckedIOException naming the address when it is taken
     */
    public static HealthServer start(String host, int port, Health health, Supplier<String> metrics) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(host, port), 0);
            HealthServer created = new HealthServer(server, health, metrics);
            server.setExecutor(created.threads);
            server.createContext("/", created::answer);
            server.start();
            return created;
        } catch (IOException e) {
            throw new UncheckedIOException("the health endpoint cannot listen on " + host + ":" + port, e);
        }
    }

    /** Where it listens, without a path. */
    public URI uri() {
        InetSocketAddress address = server.getAddress();
        return URI.create("http://" + address.getHostString() + ":" + address.getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("GET")) {
                send(exchange, 405, "GET only\n");
                return;
            }
            switch (exchange.getRequestURI().getPath()) {
                case "/livez" -> send(exchange, health.isLive() ? 200 : 503, health.isLive() ? "ok\n" : "failed\n");
                case "/readyz" -> {
                    Optional<String> reason = health.notReady();
                    send(exchange, reason.isEmpty() ? 200 : 503, reason.orElse("ok") + "\n");
                }
                case "/metrics" -> send(exchange, 200, metrics.get());
                default -> send(exchange, 404, "/livez, /readyz or /metrics\n");
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
