package io.circuitstream.description.endpoint;

import io.circuitstream.events.FeatureDescription;
import io.circuitstream.platform.logging.LogKeys;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a language model for the labels of features, one after the other, from a thread of its own and no more often than it may. What
 * it says goes to a sink, in a service the labels topic. Offering never blocks: what does not fit is offered again with the next
 * description. A feature is asked for once in a process. Thread-safe.
 */
final class EndpointLabels implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EndpointLabels.class);
    private static final int CAPACITY = 256;
    private static final int MOST_REMEMBERED = 1_000_000;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final BlockingQueue<FeatureDescription> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final Set<Long> asked = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ChatClient client;
    private final Sink sink;
    private final long spacingNanos;
    private final Thread thread;
    private volatile boolean refused;

    /** Takes the labels; may throw when it cannot. */
    interface Sink {
        void accept(FeatureDescription feature, String label, String author);
    }

    /** @param spacing shortest time between the begins of two requests */
    EndpointLabels(ChatClient client, Duration spacing, Sink sink) {
        this.client = client;
        this.sink = sink;
        this.spacingNanos = spacing.toNanos();
        this.thread = new Thread(this::run, "endpoint-labels");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether the feature was taken. */
    boolean offer(FeatureDescription feature) {
        long key = ((long) feature.getLayer() << 32) | feature.getFeature();
        if (refused || asked.size() >= MOST_REMEMBERED || !asked.add(key)) {
            return false;
        }
        if (!queue.offer(feature)) {
            asked.remove(key);
            return false;
        }
        return true;
    }

    private void run() {
        try {
            long next = System.nanoTime();
            while (!closing.await(Math.max(0, next - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                FeatureDescription feature = queue.poll(100, TimeUnit.MILLISECONDS);
                if (feature != null && !refused) {
                    next = System.nanoTime() + spacingNanos;
                    ask(feature);
                }
            }
        } catch (InterruptedException e) {
            log.atDebug().log("closed while it asked");
        }
    }

    private void ask(FeatureDescription feature) throws InterruptedException {
        try {
            sink.accept(feature, client.ask(Question.INSTRUCTION, Question.of(feature)), client.model());
        } catch (EndpointException e) {
            refused = e.isRefused();
            failed(feature, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // The boundary of a feature: whatever fails with one must not end the thread.
            failed(feature, e.toString());
        }
    }

    private void failed(FeatureDescription feature, String message) {
        asked.remove(((long) feature.getLayer() << 32) | feature.getFeature());
        log.atWarn()
                .addKeyValue(LogKeys.LAYER, feature.getLayer())
                .addKeyValue(LogKeys.FEATURE, feature.getFeature())
                .addKeyValue(LogKeys.ERROR, message)
                .log(refused ? "no label, and nobody is asked any more: see the settings" : "no label");
    }

    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        try {
            thread.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
