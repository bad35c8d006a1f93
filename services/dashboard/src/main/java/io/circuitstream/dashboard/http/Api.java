package io.circuitstream.dashboard.http;

import io.circuitstream.circuits.model.Tokens;
import io.circuitstream.dashboard.commands.EventProducer;
import io.circuitstream.dashboard.commands.RateLimit;
import io.circuitstream.dashboard.live.StreamServer;
import io.circuitstream.dashboard.reading.View;
import io.circuitstream.dashboard.traces.ServedModel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All addresses of the API with what stands behind them. */
public final class Api {
    private Api() {}

    /**
     * What the API is made of.
     *
     * @param token that calls must carry; null for none
     */
    public record Parts(
            View view,
            EventProducer producer,
            RateLimit rate,
            StreamServer streams,
            Settings settings,
            @Nullable String token,
            @Nullable Tokens tokens,
            @Nullable ServedModel served) {}

    /** What was set. */
    public record Settings(
            String host, int port, String topicPrefix, int maxPromptCharacters, int maxUploadBytes) {}

    /** @throws io.circuitstream.platform.stream.StartupException when the address cannot be listened on */
    public static Server start(Parts parts, Server.Probes probes) {
        Guard guard = new Guard(parts.token(), parts.settings().host());
        return Server.start(parts.settings().host(), parts.settings().port(), guard, routes(parts), probes);
    }

    static List<Route> routes(Parts parts) {
        Settings settings = parts.settings();
        List<Route> routes = new ArrayList<>();
        routes.addAll(new ConfigRoutes(
                        parts.view(),
                        new ConfigRoutes.Limits(settings.maxPromptCharacters(), settings.maxUploadBytes()),
                        parts.token() != null,
                        settings.topicPrefix(),
                        parts.served())
                .routes());
        routes.addAll(new TraceRoutes(parts.view()).routes());
        routes.addAll(new SubmitRoutes(
                        parts.view(),
                        parts.producer(),
                        parts.rate(),
                        parts.tokens(),
                        settings.maxPromptCharacters())
                .routes());
        routes.addAll(new StreamRoute(parts.streams()).routes());
        return List.copyOf(routes);
    }
}
