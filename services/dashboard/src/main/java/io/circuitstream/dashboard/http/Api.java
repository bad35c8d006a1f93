package io.circuitstream.dashboard.http;

import io.circuitstream.circuits.model.Tokens;
import io.circuitstream.dashboard.access.Access;
import io.circuitstream.dashboard.commands.Annotator;
import io.circuitstream.dashboard.commands.EventProducer;
import io.circuitstream.dashboard.commands.RateLimit;
import io.circuitstream.dashboard.live.Hub;
import io.circuitstream.dashboard.live.StreamServer;
import io.circuitstream.dashboard.operations.Cluster;
import io.circuitstream.dashboard.reading.Steps;
import io.circuitstream.dashboard.reading.TopicReader;
import io.circuitstream.dashboard.reading.View;
import io.circuitstream.dashboard.traces.ServedModel;
import io.circuitstream.platform.deadletters.DeadLetters;
import io.circuitstream.platform.deadletters.Replay;
import io.circuitstream.platform.tracing.Tracing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All addresses of the API with what stands behind them. */
public final class Api {
    private Api() {}

    /** What the API is made of. */
    public record Parts(
            View view,
            EventProducer producer,
            RateLimit rate,
            Hub hub,
            TopicReader reader,
            Steps steps,
            Cluster cluster,
            DeadLetters deadLetters,
            Supplier<Replay> replay,
            Settings settings,
            Tracing tracing,
            Access access,
            @Nullable Tokens tokens,
            @Nullable ServedModel served) {}

    /** What was set. */
    public record Settings(
            String host,
            int port,
            String topicPrefix,
            int maxPromptCharacters,
            int maxUploadBytes,
            @Nullable Path evaluation) {}

    /**
     * The server, answering.
     *
     * @throws io.circuitstream.platform.stream.StartupException when the address cannot be listened on
     */
    public static Server start(Parts parts, Server.Probes probes) {
        List<Route> unguarded = routes(parts);
        Guard guard = new Guard(parts.access(), parts.settings().host(), unguarded);
        List<Route> routes = unguarded.stream()
                .map(route -> guard.guarded(RequestSpans.around(parts.tracing(), route)))
                .toList();
        return Server.start(parts.settings().host(), parts.settings().port(), guard, routes, probes);
    }

    static List<Route> routes(Parts parts) {
        List<Route> routes = new ArrayList<>(reading(parts));
        routes.addAll(changing(parts));
        return List.copyOf(routes);
    }

    private static List<Route> reading(Parts parts) {
        Settings settings = parts.settings();
        View view = parts.view();
        List<Route> routes = new ArrayList<>();
        routes.addAll(new ConfigRoutes(
                        view,
                        new ConfigRoutes.Limits(settings.maxPromptCharacters(), settings.maxUploadBytes()),
                        !parts.access().isOpen(),
                        settings.topicPrefix(),
                        parts.served())
                .routes());
        routes.addAll(new AccessRoutes(parts.access()).routes());
        routes.addAll(new TraceRoutes(view).routes());
        routes.addAll(new AuditRoutes(view, settings.evaluation()).routes());
        routes.addAll(new FindingRoutes(view.store()).routes());
        routes.addAll(new OperationRoutes(view, parts.cluster(), parts.hub(), parts.reader()::read, parts.reader()::lag)
                .routes());
        routes.addAll(new StreamRoute(new StreamServer(parts.hub())).routes());
        return routes;
    }

    private static List<Route> changing(Parts parts) {
        Settings settings = parts.settings();
        View view = parts.view();
        EventProducer producer = parts.producer();
        List<Route> routes = new ArrayList<>();
        routes.addAll(new SubmitRoutes(view, producer, parts.rate(), parts.tokens(), settings.maxPromptCharacters())
                .routes());
        routes.addAll(new AnnotationRoutes(view, new Annotator(view.store(), producer, parts.steps())).routes());
        routes.addAll(new FeatureRoutes(view, producer).routes());
        routes.addAll(new DeadLetterRoutes(parts.deadLetters(), parts.replay()).routes());
        routes.addAll(
                new ImportRoutes(view, producer, parts.rate(), parts.steps(), settings.maxUploadBytes()).routes());
        return routes;
    }
}
