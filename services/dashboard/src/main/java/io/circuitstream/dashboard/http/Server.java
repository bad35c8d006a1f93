package io.circuitstream.dashboard.http;

import io.circuitstream.platform.health.Health;
import io.circuitstream.platform.stream.StartupException;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;

/** The HTTP server, answering from its start on. */
public final class Server implements AutoCloseable {
    private static final int SEND_BUFFER_BYTES = 256 << 10;
    /** A JWT may name many roles. */
    private static final int REQUEST_HEADER_BYTES = 32 << 10;

    static final String BASE = "/api/v1";

    private final Javalin javalin;

    private Server(Javalin javalin) {
        this.javalin = javalin;
    }

    /**
     * What an orchestrator asks.
     *
     * @param metrics as Prometheus reads them
     */
    public record Probes(Health health, Supplier<String> metrics) {}

    /** @param port 0 takes a free one. @throws StartupException when the address cannot be listened on */
    static Server start(String host, int port, Guard guard, List<Route> routes, Probes probes) {
        Javalin javalin = Javalin.create(config -> {
            config.jetty.addConnector((server, http) -> connector(server, http, host, port));
            configure(config, guard, routes, probes);
        });
        try {
            javalin.start();
            return new Server(javalin);
        } catch (RuntimeException e) {
            throw new StartupException(
                    "the dashboard cannot listen on " + host + ":" + port + ": " + e.getMessage(), e);
        }
    }

    /** With a bounded send buffer: otherwise the system keeps some megabytes for each page that does not read. */
    private static ServerConnector connector(
            org.eclipse.jetty.server.Server server, HttpConfiguration http, String host, int port) {
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost(host);
        connector.setPort(port);
        connector.setAcceptedSendBufferSize(SEND_BUFFER_BYTES);
        return connector;
    }

    private static void configure(JavalinConfig config, Guard guard, List<Route> routes, Probes probes) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.http.defaultContentType = "text/plain; charset=utf-8";
        config.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setRequestHeaderSize(REQUEST_HEADER_BYTES);
        });
        config.routes.before(guard::check);
        for (Route route : routes) {
            config.routes.addHttpHandler(route.method(), BASE + route.path(), route.handler());
        }
        probes(config, probes);
        StaticFiles files = new StaticFiles();
        Unmatched unmatched = new Unmatched(routes);
        config.routes.get("/", files::answer);
        config.routes.get("/<path>", context -> page(context, files, unmatched));
        Problems.install(config, unmatched);
    }

    private static void probes(JavalinConfig config, Probes probes) {
        config.routes.get("/livez", context -> {
            boolean live = probes.health().isLive();
            context.status(live ? 200 : 503).result(live ? "ok\n" : "failed\n");
        });
        config.routes.get("/readyz", context -> {
            String reason = probes.health().notReady().orElse(null);
            context.status(reason == null ? 200 : 503).result((reason == null ? "ok" : reason) + "\n");
        });
        config.routes.get("/metrics", context -> context.contentType("text/plain; version=0.0.4; charset=utf-8")
                .result(probes.metrics().get()));
    }

    private static void page(Context context, StaticFiles files, Unmatched unmatched) throws IOException {
        if (Guard.isApi(context.path())) {
            throw unmatched.problem(context.path());
        }
        files.answer(context);
    }

    public int port() {
        return javalin.port();
    }

    @Override
    public void close() {
        javalin.stop();
    }
}
