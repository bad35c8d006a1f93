package io.circuitstream.dashboard;

import io.circuitstream.circuits.model.Tokens;
import io.circuitstream.dashboard.access.Access;
import io.circuitstream.dashboard.commands.EventProducer;
import io.circuitstream.dashboard.commands.RateLimit;
import io.circuitstream.dashboard.features.FeatureIndex;
import io.circuitstream.dashboard.features.FeatureRow;
import io.circuitstream.dashboard.features.FeatureTable;
import io.circuitstream.dashboard.http.Api;
import io.circuitstream.dashboard.http.Server;
import io.circuitstream.dashboard.live.EventLog;
import io.circuitstream.dashboard.live.Hub;
import io.circuitstream.dashboard.live.LiveEvent;
import io.circuitstream.dashboard.operations.Cluster;
import io.circuitstream.dashboard.operations.Pulse;
import io.circuitstream.dashboard.reading.EventTypes;
import io.circuitstream.dashboard.reading.GraphFetcher;
import io.circuitstream.dashboard.reading.Most;
import io.circuitstream.dashboard.reading.Steps;
import io.circuitstream.dashboard.reading.TopicReader;
import io.circuitstream.dashboard.reading.View;
import io.circuitstream.dashboard.store.Store;
import io.circuitstream.dashboard.traces.Recent;
import io.circuitstream.dashboard.traces.ServedModel;
import io.circuitstream.dashboard.traces.Trace;
import io.circuitstream.dashboard.traces.TraceFilter;
import io.circuitstream.dashboard.traces.TraceTable;
import io.circuitstream.platform.deadletters.DeadLetters;
import io.circuitstream.platform.deadletters.Replay;
import io.circuitstream.platform.health.Health;
import io.circuitstream.platform.logging.LogKeys;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.RunningService;
import io.circuitstream.platform.stream.ServiceContext;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance of the dashboard: reads the topics into its store and answers over HTTP. For one start and one stop. Owns the context.
 */
public final class Dashboard implements RunningService {
    private static final Logger log = LoggerFactory.getLogger(Dashboard.class);
    private static final int REMEMBERED = 500;

    private final ServiceContext context;
    private final Model model;
    private final Health others;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable TopicReader reader;
    private @Nullable Server server;

    /**
     * What is known of the model that the deployment serves; each null when it is not.
     *
     * @param tokens not closed by the dashboard
     */
    public record Model(@Nullable Tokens tokens, @Nullable ServedModel served) {
        public static final Model UNKNOWN = new Model(null, null);
    }

    /**
     * A dashboard that is not started.
     *
     * @param others whose health is told with its own, where it runs in one process with other services
     */
    public Dashboard(ServiceContext context, Model model, Health others) {
        this.context = context;
        this.model = model;
        this.others = others;
    }

    /** Returns when the server answers; what the topics hold is read from then on. */
    @Override
    public synchronized void start() {
        long start = System.nanoTime();
        Settings settings = context.settings();
        Access access = open(AccessSettings.access(settings));
        Store store = open(Store.open(settings.get(CommonSettings.STATE_DIR).resolve("dashboard")));
        EventTypes types = new EventTypes(context);
        EventLog events = new EventLog(store, settings.get(DashboardSettings.EVENT_LOG));
        Hub hub = new Hub(
                events,
                settings.get(DashboardSettings.CLIENT_QUEUE),
                settings.get(DashboardSettings.MAX_CLIENTS),
                context.registry());
        View view = new View(
                store,
                types,
                new FeatureIndex(settings.get(DashboardSettings.MAX_FEATURES)),
                new Recent(),
                open(new GraphFetcher(context, types)));
        remember(view);
        Steps steps = new Steps();
        EventProducer producer = open(new EventProducer(context));
        Cluster cluster = open(new Cluster(context));
        TopicReader reading = open(new TopicReader(
                context,
                store,
                types,
                events,
                new Most(settings.get(DashboardSettings.MAX_TRACES), settings.get(DashboardSettings.MAX_FINDINGS)),
                (traces, rows, live) -> {
                    applied(view, hub, traces, rows, live);
                    steps.passed();
                },
                closed::countDown));
        reader = reading;
        Api.Parts parts = new Api.Parts(
                view,
                producer,
                new RateLimit(
                        settings.get(DashboardSettings.RATE),
                        settings.find(DashboardSettings.TENANT_RATES).orElse(Map.of()),
                        System::nanoTime),
                hub,
                reading,
                steps,
                cluster,
                new DeadLetters(settings),
                () -> new Replay(settings),
                apiSettings(),
                context.tracing(),
                access,
                model.tokens(),
                model.served());
        server = open(Api.start(parts, new Server.Probes(new OwnHealth(), context.registry()::scrape)));
        open(new Pulse(store, view.recent(), cluster, hub)).start();
        open(hub); // closed first: a server waits for the streams that are open
        reading.start();
        log.atInfo()
                .addKeyValue(LogKeys.ELAPSED_MS, (System.nanoTime() - start) / 1_000_000)
                .log("the dashboard answers at {}", uri());
    }

    private Api.Settings apiSettings() {
        Settings settings = context.settings();
        return new Api.Settings(
                settings.get(DashboardSettings.HTTP_HOST),
                settings.get(DashboardSettings.HTTP_PORT),
                settings.get(CommonSettings.TOPIC_PREFIX),
                settings.get(DashboardSettings.MAX_PROMPT),
                settings.get(DashboardSettings.MAX_UPLOAD),
                settings.find(DashboardSettings.EVALUATION).orElse(null));
    }

    /** What is held in memory beside the store. */
    private static void remember(View view) {
        FeatureTable.rows(view.store(), view.features()::put);
        TraceFilter completed = new TraceFilter(null, null, null, null, "COMPLETED", null);
        List<Trace> newest = new ArrayList<>(TraceTable.page(view.store(), null, REMEMBERED, completed::accepts)
                .traces());
        Collections.reverse(newest);
        newest.forEach(view.recent()::completed);
    }

    private static void applied(
            View view, Hub hub, Collection<Trace> traces, List<FeatureRow> rows, List<LiveEvent> events) {
        rows.forEach(view.features()::put);
        traces.forEach(view.recent()::completed);
        hub.publish(events);
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.push(resource);
        return resource;
    }

    /** Where it answers. */
    public synchronized URI uri() {
        if (server == null) {
            throw new IllegalStateException("the dashboard is not started");
        }
        String host = context.settings().get(DashboardSettings.HTTP_HOST);
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + server.port());
    }

    @Override
    public int blockUntilClosed() throws InterruptedException {
        closed.await();
        return exitCode();
    }

    @Override
    public synchronized int exitCode() {
        return reader != null && reader.hasFailed() ? 1 : 0;
    }

    @Override
    public synchronized void close() {
        while (!opened.isEmpty()) {
            AutoCloseable resource = opened.pop();
            try {
                resource.close();
            } catch (Exception e) {
                log.atWarn()
                        .setCause(e)
                        .log("could not close {}", resource.getClass().getSimpleName());
            }
        }
        context.close();
        closed.countDown();
    }

    /** Its own and that of the services beside it. */
    public Health health() {
        return new OwnHealth();
    }

    private final class OwnHealth implements Health {
        @Override
        public boolean isLive() {
            TopicReader reading = reader;
            return (reading == null || !reading.hasFailed()) && others.isLive();
        }

        @Override
        public Optional<String> notReady() {
            TopicReader reading = reader;
            Optional<String> trouble = reading == null ? Optional.of("the dashboard is starting") : reading.trouble();
            return trouble.isPresent() ? trouble : others.notReady();
        }
    }
}
