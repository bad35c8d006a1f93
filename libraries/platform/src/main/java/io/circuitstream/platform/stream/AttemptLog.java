package io.circuitstream.platform.stream;

import io.circuitstream.platform.settings.CommonSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which record of each partition is in work, and for which time, where a peer finds it when the process is gone. Written as the
 * offsets of a group without members, {@code <application id>-attempts}: outside the transaction, which a crash takes
 * back, and without a topic of its own. Of what cannot be sent at once only the newest counts. Thread-safe.
 */
final class AttemptLog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AttemptLog.class);
    private static final int TIMEOUT_MS = 5_000;

    private final Supplier<Admin> admins;
    private final String group;
    private final Map<TopicPartition, OffsetAndMetadata> unsent = new HashMap<>();
    private @Nullable Admin admin;
    private boolean sending;
    private boolean closed;

    AttemptLog(Supplier<Admin> admins, String group) {
        this.admins = admins;
        this.group = group;
    }

    static AttemptLog of(ServiceContext service) {
        Map<String, Object> properties =
                new HashMap<>(service.settings().kafka().admin());
        properties.put(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, service.settings().get(CommonSettings.BOOTSTRAP_SERVERS));
        properties.put(AdminClientConfig.CLIENT_ID_CONFIG, service.attemptsGroup());
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        return new AttemptLog(() -> Admin.create(properties), service.attemptsGroup());
    }

    /** A record and which attempt at it began last. */
    record Attempt(long offset, int number) {}

    /**
     * The attempt that was begun last in a partition, by whomever; null when there was none.
     *
     * @throws org.apache.kafka.common.errors.RetriableException when no broker answers
     */
    @Nullable
    Attempt last(TopicPartition partition) {
        OffsetAndMetadata found = await(admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .get(partition);
        return found == null ? null : new Attempt(found.offset(), Integer.parseInt(found.metadata()));
    }

    private <T> T await(KafkaFuture<T> answer) {
        try {
            return answer.get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("no broker answers about the attempts of " + group, e);
        }
    }

    /**
     * Notes an attempt and waits until it is noted.
     *
     * @throws org.apache.kafka.common.errors.RetriableException when no broker answers
     */
    void putNow(TopicPartition partition, Attempt attempt) {
        await(admin().alterConsumerGroupOffsets(group, Map.of(partition, offset(attempt)))
                .all());
    }

    /** Notes an attempt, without waiting. */
    synchronized void put(TopicPartition partition, Attempt attempt) {
        unsent.put(partition, offset(attempt));
        send();
    }

    private static OffsetAndMetadata offset(Attempt attempt) {
        return new OffsetAndMetadata(attempt.offset(), Integer.toString(attempt.number()));
    }

    private synchronized void send() {
        if (sending || closed || unsent.isEmpty()) {
            return;
        }
        sending = true;
        Map<TopicPartition, OffsetAndMetadata> now = Map.copyOf(unsent);
        unsent.clear();
        var unused = admin().alterConsumerGroupOffsets(group, now).all().whenComplete((done, failure) -> {
            if (failure != null) {
                log.atDebug().setCause(failure).log("attempts not noted");
            }
            sent();
        });
    }

    private synchronized void sent() {
        sending = false;
        send();
    }

    private synchronized Admin admin() {
        if (admin == null) {
            admin = admins.get();
        }
        return admin;
    }

    @Override
    public void close() {
        Admin open;
        synchronized (this) {
            closed = true;
            open = admin;
        }
        if (open != null) {
            open.close(Duration.ofSeconds(2));
        }
    }
}
