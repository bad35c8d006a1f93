package io.circuitstream.platform.stream;

import io.circuitstream.platform.health.Health;
import io.circuitstream.platform.health.HealthServer;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running instance of a service: a topology on Kafka Streams with its health endpoint. For one start and one
 * stop; owns its {@link ServiceContext} and whatever was given to {@link ServiceContext#service}. Thread-safe.
 */
public final class StreamService implements RunningService {

    private static final Logger log = LoggerFactory.getLogger(StreamService.class);

    private final ServiceContext context;
    private final Topology topology;
    private final List<AutoCloseable> owned;
    private final LifecycleGate lifecycle;
    /** Held while Kafka Streams is made or closed, so that a stop during a start leaves nothing behind. */
    private final Object switching = new Object();

    private boolean closed;
    private volatile @Nullable KafkaStreams streams;
    private volatile @Nullable HealthServer health;
    private @Nullable KafkaStreamsMetrics streamsMetrics;

    StreamService(ServiceContext context, Topology topology, AutoCloseable... owned) {
        this.context = context;
        this.lifecycle = context.lifecycle();
        this.topology = topology;
        this.owned = List.of(owned);
    }

    /**
     * Waits for the brokers, checks the topics and starts; does not wait for partitions, see {@link #awaitRunning}.
     *
     * @throws StartupException when it cannot start; close it then
     */
    @Override
    public void start() {
        if (!lifecycle.move(Lifecycle.STARTING)) {
            throw new IllegalStateException("a service starts once, this one is " + lifecycle.current());
        }
        try {
            startHealth();
            new StartCheck(context, topology).run();
            startStreams();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            lifecycle.fail();
            throw new StartupException("interrupted while starting", e);
        } catch (RuntimeException e) {
            lifecycle.fail();
            throw e;
        }
    }

    private void startHealth() {
        Settings settings = context.settings();
        int port = settings.get(CommonSettings.HTTP_PORT);
        if (port != 0) {
            health = HealthServer.start(
                    settings.get(CommonSettings.HTTP_HOST), port, new StreamHealth(), context.registry()::scrape);
        }
    }

    private void startStreams() {
        synchronized (switching) {
            if (lifecycle.current() != Lifecycle.STARTING) {
                throw new StartupException("closed while starting");
            }
            KafkaStreams created = opened();
            streamsMetrics = new KafkaStreamsMetrics(created);
            streamsMetrics.bindTo(context.registry());
        }
    }

    /** Stores are opened by the start; damaged ones are put aside once, which costs their restoring. */
    private KafkaStreams opened() {
        try {
            return open();
        } catch (ProcessorStateException e) {
            context.localState().failed(e);
            KafkaStreams unusable = streams;
            if (unusable != null) { // null when not even the folder could be made
                unusable.close();
            }
            if (!context.localState().putAsideWhenDamaged()) {
                throw e;
            }
            return open();
        }
    }

    private KafkaStreams open() {
        KafkaStreams created = new KafkaStreams(topology, context.streamProperties());
        streams = created;
        created.setUncaughtExceptionHandler(new ThreadFailures(context));
        created.setStateListener((now, before) -> follow(now));
        created.start();
        return created;
    }

    private void follow(KafkaStreams.State state) {
        Lifecycle.of(state).ifPresent(next -> {
            if (next == Lifecycle.FAILED) {
                lifecycle.fail();
            } else {
                lifecycle.move(next);
            }
        });
    }

    public Lifecycle lifecycle() {
        return lifecycle.current();
    }

    /**
     * Waits until it has its partitions.
     *
     * @throws StartupException when it is not running after {@code limit}, or failed or was closed before
     */
    public void awaitRunning(Duration limit) throws InterruptedException {
        Lifecycle now = lifecycle.await(state -> state == Lifecycle.RUNNING || state.isFinal(), limit);
        if (now != Lifecycle.RUNNING) {
            throw new StartupException(context.name() + " is " + now + " after at most " + limit.toSeconds() + " s: "
                    + new StreamHealth().notReady().orElse("no reason known"));
        }
    }

    @Override
    public int blockUntilClosed() throws InterruptedException {
        lifecycle.await(Lifecycle::isFinal, Duration.ofDays(36_500));
        return exitCode();
    }

    @Override
    public int exitCode() {
        return lifecycle.current() == Lifecycle.FAILED ? 1 : 0;
    }

    /** Where {@code /readyz} and the others answer, unless the port is 0 or it is not started. */
    public Optional<HealthServer> health() {
        return Optional.ofNullable(health);
    }

    /**
     * Finishes the record in work if that takes no longer than {@link CommonSettings#SHUTDOWN_TIMEOUT}; otherwise
     * its transaction is aborted and a peer begins it again. Leaves the group at once, so that peers need not wait for
     * the session time-out, unless the instance has a name and will come back.
     */
    @Override
    public void close() {
        lifecycle.move(Lifecycle.CLOSING);
        synchronized (switching) {
            if (closed) {
                return;
            }
            closed = true;
            boolean clean = closeStreams();
            context.localState().putAsideWhenDamaged();
            owned.forEach(StreamService::closeQuietly);
            context.close();
            if (health != null) {
                health.close();
            }
            lifecycle.move(clean ? Lifecycle.CLOSED : Lifecycle.FAILED);
        }
    }

    private boolean closeStreams() {
        if (streamsMetrics != null) {
            streamsMetrics.close();
        }
        if (streams == null) {
            return true;
        }
        Settings settings = context.settings();
        Duration limit = settings.get(CommonSettings.SHUTDOWN_TIMEOUT);
        boolean named = settings.find(CommonSettings.INSTANCE_ID).isPresent();
        boolean clean = streams.close(CloseOptions.groupMembershipOperation(
                        named
                                ? CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP
                                : CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(limit));
        if (!clean) {
            log.atWarn().log("the record in work took longer than {} s: left to a peer", limit.toSeconds());
        }
        return clean;
    }

    /** A resource that cannot be closed must not keep the others open. */
    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            log.atWarn()
                    .setCause(e)
                    .log("could not close {}", resource.getClass().getName());
        }
    }

    private final class StreamHealth implements Health {

        @Override
        public boolean isLive() {
            return lifecycle.current() != Lifecycle.FAILED;
        }

        @Override
        public Optional<String> notReady() {
            Optional<String> outage = context.outage().current();
            if (outage.isPresent()) {
                return outage;
            }
            Lifecycle now = lifecycle.current();
            if (now != Lifecycle.RUNNING) {
                return Optional.of(now.name());
            }
            KafkaStreams running = streams;
            return running == null || BrokerContact.isAlive(running.metrics())
                    ? Optional.empty()
                    : Optional.of(
                            "no connection to a broker at " + context.settings().get(CommonSettings.BOOTSTRAP_SERVERS));
        }
    }
}
