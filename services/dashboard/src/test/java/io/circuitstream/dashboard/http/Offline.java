package io.circuitstream.dashboard.http;

import io.circuitstream.dashboard.DashboardSettings;
import io.circuitstream.dashboard.access.Access;
import io.circuitstream.dashboard.access.Principal;
import io.circuitstream.dashboard.access.Role;
import io.circuitstream.dashboard.access.StaticTokens;
import io.circuitstream.dashboard.access.Tenants;
import io.circuitstream.dashboard.commands.EventProducer;
import io.circuitstream.dashboard.commands.RateLimit;
import io.circuitstream.dashboard.features.FeatureIndex;
import io.circuitstream.dashboard.live.Audience;
import io.circuitstream.dashboard.live.EventLog;
import io.circuitstream.dashboard.live.Hub;
import io.circuitstream.dashboard.live.LiveEvent;
import io.circuitstream.dashboard.operations.Cluster;
import io.circuitstream.dashboard.reading.EventTypes;
import io.circuitstream.dashboard.reading.GraphFetcher;
import io.circuitstream.dashboard.reading.Most;
import io.circuitstream.dashboard.reading.Steps;
import io.circuitstream.dashboard.reading.TopicReader;
import io.circuitstream.dashboard.reading.View;
import io.circuitstream.dashboard.store.Step;
import io.circuitstream.dashboard.store.Store;
import io.circuitstream.dashboard.traces.Recent;
import io.circuitstream.platform.deadletters.DeadLetters;
import io.circuitstream.platform.deadletters.Replay;
import io.circuitstream.platform.health.Health;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Setting;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ProgressSink;
import io.circuitstream.platform.stream.ServiceContext;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The server with a store and without brokers: nothing is read, and nothing can be sent. */
final class Offline implements AutoCloseable {
    private static final Health WELL = new Health() {
        @Override
        public boolean isLive() {
            return true;
        }

        @Override
        public Optional<String> notReady() {
            return Optional.of("no brokers");
        }
    };

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Store store;
    final EventLog log;
    final Hub hub;
    final List<Route> routes;
    final URI uri;
    final Server server;

    /** @param queue events that may wait for one client */
    Offline(Path folder, Access access, int queue) {
        List<Setting<?>> declared = new ArrayList<>(CommonSettings.all());
        declared.addAll(DashboardSettings.all());
        Settings settings = Settings.of(declared, Map.of(CommonSettings.BOOTSTRAP_SERVERS.key(), "127.0.0.1:1"));
        ServiceContext context = open(ServiceContext.of("dashboard", settings, ProgressSink.NONE));
        store = open(Store.open(folder));
        EventTypes types = new EventTypes(context);
        log = new EventLog(store, 10_000);
        hub = new Hub(log, queue, 1_000, context.registry());
        View view =
                new View(store, types, new FeatureIndex(1_000), new Recent(), open(new GraphFetcher(context, types)));
        Api.Parts parts = new Api.Parts(
                view,
                open(new EventProducer(context)),
                new RateLimit(1_000, Map.of(), System::nanoTime),
                hub,
                new TopicReader(
                        context, store, types, log, new Most(1_000, 1_000), (traces, rows, events) -> {}, () -> {}),
                new Steps(),
                open(new Cluster(context)),
                new DeadLetters(settings),
                () -> new Replay(settings),
                new Api.Settings("127.0.0.1", 0, "circuitstream", 100, 10_000, null),
                context.tracing(),
                open(access),
                null,
                null);
        routes = Api.routes(parts);
        server = open(Api.start(parts, new Server.Probes(WELL, () -> "metrics\n")));
        open(hub);
        uri = URI.create("http://127.0.0.1:" + server.port());
    }

    /** For callers who are admins and know the token. */
    static Access token(String token) {
        Principal admin = new Principal("admin", Role.ADMIN, Tenants.ALL, null);
        return new Access(StaticTokens.NONE.with(token, admin), null);
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.push(resource);
        return resource;
    }

    /** Something that may not be lost, of everybody. */
    void happen(byte[] json) {
        happen(Audience.EVERYBODY, json);
    }

    void happen(Audience audience, byte[] json) {
        LiveEvent event;
        try (Step step = store.step()) {
            event = log.add(step, "trace", audience, json);
            step.commit();
        }
        hub.publish(List.of(event));
    }

    @Override
    public void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
