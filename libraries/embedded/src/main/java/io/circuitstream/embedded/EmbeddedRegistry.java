package io.circuitstream.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema registry on loopback with Confluent's REST interface, for Avro. New subjects are FULL_TRANSITIVE. Schemas and
 * ids are kept in {@code schemas.jsonl} of its data folder, which may be the broker's, and survive a restart.
 */
public final class EmbeddedRegistry implements AutoCloseable {
    /** The largest request: some hundred times the largest schema of this project. */
    static final int MAX_BODY_BYTES = 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRegistry.class);
    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final ObjectMapper JSON = new ObjectMapper();

    static {
        // The JDK's server sends headers and body apart; without this every answer takes 40 ms. Read once per process.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    private final FolderLock lock;
    private final SchemaJournal journal;
    private final RegistryApi api;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4, task -> {
        Thread thread = new Thread(task, "embedded-registry");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedRegistry(FolderLock lock, SchemaJournal journal, HttpServer server) {
        this.lock = lock;
        this.journal = journal;
        this.server = server;
        this.api = new RegistryApi(new SchemaStore(journal.history(), journal));
    }

    /**
     * Returns a registry that answers.
     *
     * @param dataDir made if absent
     * @param port 0 takes any free one
     * @throws EmbeddedException if the folder or the port is in use, or the file of schemas is damaged
     * @throws UncheckedIOException if the folder cannot be read or written
     */
    public static EmbeddedRegistry start(Path dataDir, int port) {
        try {
            FolderLock lock = FolderLock.acquire(dataDir, "registry.lock");
            try {
                return start(lock, SchemaJournal.open(dataDir.resolve("schemas.jsonl")), port);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The registry cannot use the folder " + dataDir.toAbsolutePath(), e);
        }
    }

    /** The value for {@code schema.registry.url}. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Stops at once; requests that are being answered are cut off. Later calls do nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        server.stop(0);
        threads.shutdownNow();
        try (lock;
                journal) {
            LOG.debug("Embedded registry stopped");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EmbeddedRegistry start(FolderLock lock, SchemaJournal journal, int port) throws IOException {
        try {
            EmbeddedRegistry registry = new EmbeddedRegistry(lock, journal, bind(port));
            registry.server.createContext("/", registry::handle);
            registry.server.setExecutor(registry.threads);
            registry.server.start();
            return registry;
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    private static HttpServer bind(int port) throws IOException {
        try {
            return HttpServer.create(Ports.loopback(port), 0);
        } catch (BindException e) {
            throw new EmbeddedException("port " + port + " is in use: choose another with --registry-port", e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                send(exchange, 200, api.answer(request(exchange)));
            } catch (RegistryError e) {
                sendError(exchange, e.status(), e.code(), e.getMessage());
            } catch (RuntimeException e) {
                // The boundary of a request: the caller gets Confluent's code for a fault of the server's.
                LOG.atError()
                        .setCause(e)
                        .log("Request for {} failed", exchange.getRequestURI().getPath());
                sendError(exchange, 500, 50001, "Error in the registry: " + e.getMessage());
            }
        }
    }

    private static RegistryApi.Request request(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        List<String> path = new ArrayList<>();
        for (String segment : uri.getRawPath().split("/", -1)) {
            if (!segment.isEmpty()) {
                path.add(decode(segment));
            }
        }
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        return new RegistryApi.Request(exchange.getRequestMethod(), path, query, body(exchange));
    }

    private static String decode(String segment) {
        try {
            return URLDecoder.decode(segment, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw RegistryError.invalidBody("the address cannot be decoded: " + segment);
        }
    }

    private static JsonNode body(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        if (bytes.length > MAX_BODY_BYTES) {
            throw RegistryError.tooLarge(MAX_BODY_BYTES);
        }
        try {
            return bytes.length == 0 ? MissingNode.getInstance() : JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw RegistryError.invalidBody("not JSON: " + e.getOriginalMessage());
        }
    }

    private static void sendError(HttpExchange exchange, int status, int code, String message) throws IOException {
        send(exchange, status, Map.of("error_code", code, "message", message));
    }

    private static void send(HttpExchange exchange, int status, Object answer) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(answer);
        exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
