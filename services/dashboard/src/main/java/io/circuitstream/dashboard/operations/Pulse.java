package io.circuitstream.dashboard.operations;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.live.Audience;
import io.circuitstream.dashboard.live.Hub;
import io.circuitstream.dashboard.live.LiveEvent;
import io.circuitstream.dashboard.store.Store;
import io.circuitstream.dashboard.traces.Recent;
import io.circuitstream.dashboard.traces.Stage;
import io.circuitstream.dashboard.traces.Totals;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Totals to everybody who watches and sees all tenants, every two seconds; nothing is asked for while nobody does. */
public final class Pulse implements AutoCloseable {
    private static final long PERIOD_SECONDS = 2;

    private final Store store;
    private final Recent recent;
    private final Cluster cluster;
    private final Hub hub;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "dashboard-pulse");
        thread.setDaemon(true);
        return thread;
    });

    private @Nullable ScheduledFuture<?> beats;

    public Pulse(Store store, Recent recent, Cluster cluster, Hub hub) {
        this.store = store;
        this.recent = recent;
        this.cluster = cluster;
        this.hub = hub;
    }

    public void start() {
        beats = timer.scheduleWithFixedDelay(this::beat, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    private void beat() {
        if (hub.clients() > 0) {
            hub.publish(List.of(LiveEvent.passing("operations", Audience.OF_ALL_TENANTS, Json.bytes(totals()))));
        }
    }

    private ObjectNode totals() {
        Totals totals = Totals.read(store);
        ObjectNode json = Json.object()
                .put("traces", totals.traces())
                .put("running", totals.running())
                .put("failed", totals.failed())
                .put("lag", lag())
                .put("ratePerMinute", recent.perMinute(System.currentTimeMillis()));
        ObjectNode medians = json.putObject("p50Ms");
        for (Stage stage : List.of(Stage.INFERENCE, Stage.ATTRIBUTION, Stage.PRUNING, Stage.VALIDATION)) {
            medians.put(stage.spelling(), recent.medianMillis().get(stage));
        }
        return json;
    }

    /** Null while no broker answers. */
    private @Nullable Long lag() {
        try {
            return cluster.state().lag();
        } catch (KafkaException e) {
            return null;
        }
    }

    @Override
    public void close() {
        if (beats != null) {
            beats.cancel(true);
        }
        timer.shutdownNow();
    }
}
