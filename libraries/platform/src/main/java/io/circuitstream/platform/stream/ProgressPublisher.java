package io.circuitstream.platform.stream;

import io.circuitstream.events.Topics;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends progress from a thread of its own through a producer of its own, outside the stage's transaction, so that a
 * viewer sees work that is not committed yet. Serialising asks the registry and sending asks the brokers, hence the
 * queue: bounded, and what does not fit is dropped and counted. RUNNING gets only half of it, so that a
 * flood of those does not push out a COMPLETED. Publishing never blocks and never throws. Thread-safe; owns the producer.
 */
public final class ProgressPublisher<T extends SpecificRecord> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ProgressPublisher.class);
    private static final int CAPACITY = 1_024;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final BlockingQueue<T> queue;
    private final int runningLimit;
    private final Supplier<Producer<String, T>> producers;
    private final String topic;
    private final Feed<T> feed;
    private final Runnable dropped;
    private final AtomicLong undelivered = new AtomicLong();
    private final Thread thread;
    private volatile boolean closing;

    /**
     * One kind of progress and its topic.
     *
     * @param isRunning whether the event only says that the work goes on: the next one makes up for its loss
     */
    public record Feed<T>(Topics.Event event, Class<T> type, Function<T, String> key, Predicate<T> isRunning) {}

    /**
     * A publisher to the deployment of the service; connects to nothing before the first event.
     *
     * @param dropped called for every event that is lost, from any thread
     */
    public static <T extends SpecificRecord> ProgressPublisher<T> of(
            ServiceContext service, Feed<T> feed, Runnable dropped) {
        return new ProgressPublisher<>(
                () -> ProgressProducers.producer(service, feed.type()),
                service.topic(feed.event()),
                feed,
                dropped,
                CAPACITY);
    }

    /** @param producers called once, on the publisher's thread, with the first event: host names are resolved then */
    ProgressPublisher(
            Supplier<Producer<String, T>> producers, String topic, Feed<T> feed, Runnable dropped, int capacity) {
        this.producers = producers;
        this.topic = topic;
        this.feed = feed;
        this.dropped = dropped;
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.runningLimit = capacity / 2;
        this.thread = new Thread(this::run, "progress-publisher");
        this.thread.setDaemon(true);
        this.thread.start();
    }

    public void publish(T progress) {
        boolean mayWait = !feed.isRunning().test(progress) || queue.size() < runningLimit;
        undelivered.incrementAndGet();
        if (closing || !mayWait || !queue.offer(progress)) {
            dropped.run();
        }
    }

    /** Events that no broker has: dropped, given up, or still on their way. */
    public long undelivered() {
        return undelivered.get();
    }

    private void run() {
        try {
            T event = next();
            if (event != null) {
                sendFrom(event);
            }
        } catch (InterruptedException e) {
            queue.forEach(lost -> dropped.run());
        } catch (RuntimeException e) {
            closing = true;
            log.atWarn().setCause(e).log("progress is off: its producer cannot be made");
        }
    }

    private void sendFrom(T first) throws InterruptedException {
        try (Producer<String, T> producer = producers.get()) {
            T event = first;
            while (event != null) {
                send(producer, event);
                event = next();
            }
            producer.close(CLOSE_TIMEOUT);
        }
    }

    /** The next event, or null when it was closed and everything queued before is out. */
    private @Nullable T next() throws InterruptedException {
        T event = null;
        while (event == null && !(closing && queue.isEmpty())) {
            event = queue.poll(100, TimeUnit.MILLISECONDS);
        }
        return event;
    }

    /** The boundary at which any failure to send costs one progress event and nothing else. */
    private void send(Producer<String, T> producer, T progress) {
        String key = feed.key().apply(progress);
        try {
            var unused = producer.send(new ProducerRecord<>(topic, key, progress), (metadata, e) -> {
                if (e == null) {
                    undelivered.decrementAndGet();
                } else {
                    dropped.run();
                }
            });
        } catch (RuntimeException e) {
            dropped.run();
            log.atDebug().setCause(e).log("progress event not sent");
        }
    }

    /** Sends what is queued for up to two seconds, then gives up. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
