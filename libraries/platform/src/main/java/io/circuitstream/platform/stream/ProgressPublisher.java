package io.circuitstream.platform.stream;

import io.circuitstream.events.ProgressState;
import io.circuitstream.events.StageProgress;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends progress from a thread of its own through a producer of its own, outside the stage's transaction, so that a
 * viewer sees work that is not committed yet. Serialising asks the registry and sending asks the brokers, hence the
 * queue: bounded, and what does not fit is dropped and counted. RUNNING gets only half of it, so that a
 * flood of those does not push out a COMPLETED. Thread-safe; owns the producer.
 */
final class ProgressPublisher implements ProgressSink {

    private static final Logger log = LoggerFactory.getLogger(ProgressPublisher.class);
    private static final int CAPACITY = 1_024;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final BlockingQueue<StageProgress> queue;
    private final int runningLimit;
    private final Supplier<Producer<String, StageProgress>> producers;
    private final String topic;
    private final Runnable dropped;
    private final Thread thread;
    private volatile boolean closing;

    /** @param producers called once, on the publisher's thread, with the first event: host names are resolved then */
    ProgressPublisher(Supplier<Producer<String, StageProgress>> producers, String topic, Runnable dropped) {
        this(producers, topic, dropped, CAPACITY);
    }

    ProgressPublisher(
            Supplier<Producer<String, StageProgress>> producers, String topic, Runnable dropped, int capacity) {
        this.producers = producers;
        this.topic = topic;
        this.dropped = dropped;
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.runningLimit = capacity / 2;
        this.thread = new Thread(this::run, "progress-publisher");
        this.thread.setDaemon(true);
        this.thread.start();
    }

    @Override
    public void publish(StageProgress progress) {
        boolean mayWait = progress.getState() != ProgressState.RUNNING || queue.size() < runningLimit;
        if (closing || !mayWait || !queue.offer(progress)) {
            dropped.run();
        }
    }

    private void run() {
        try {
            StageProgress event = next();
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

    private void sendFrom(StageProgress first) throws InterruptedException {
        try (Producer<String, StageProgress> producer = producers.get()) {
            StageProgress event = first;
            while (event != null) {
                send(producer, event);
                event = next();
            }
            producer.close(CLOSE_TIMEOUT);
        }
    }

    /** The next event, or null when it was closed and everything queued before is out. */
    private @Nullable StageProgress next() throws InterruptedException {
        StageProgress event = null;
        while (event == null && !(closing && queue.isEmpty())) {
            event = queue.poll(100, TimeUnit.MILLISECONDS);
        }
        return event;
    }

    /** The boundary at which any failure to send costs one progress event and nothing else. */
    private void send(Producer<String, StageProgress> producer, StageProgress progress) {
        try {
            var unused = producer.send(new ProducerRecord<>(topic, progress.getPromptId(), progress), (metadata, e) -> {
                if (e != null) {
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
