package io.circuitstream.platform.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.circuitstream.events.ProgressState;
import io.circuitstream.events.StageProgress;
import io.circuitstream.platform.stream.StageProgressListener.Done;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final List<StageProgress> sent = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger dropped = new AtomicInteger();

    @Test
    void shouldSendFirstAndLastAlwaysAndTenASecondBetween() {
        ProgressReporter reporter = new ProgressReporter(sent::add, "p1", "echo", nanos::get);
        for (int i = 1; i <= 1_000; i++) {
            nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
            reporter.advanced(i, 1_000);
        }
        reporter.completed();

        assertThat(sent).hasSize(12);
        assertThat(sent.get(0).getState()).isEqualTo(ProgressState.STARTED);
        assertThat(sent.subList(1, 11))
                .allSatisfy(event -> assertThat(event.getState()).isEqualTo(ProgressState.RUNNING));
        StageProgress last = sent.get(11);
        assertThat(last.getState()).isEqualTo(ProgressState.COMPLETED);
        assertThat(last.getDone()).isEqualTo(1_000);
        assertThat(last.getElapsedMs()).isEqualTo(1_000);
    }

    @Test
    void shouldEstimateTheRestByTheWorkThatIsDoneWhenUnitsDiffer() {
        ProgressReporter reporter = new ProgressReporter(sent::add, "p1", "echo", nanos::get);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        reporter.advanced(new Done(90, 100, .25, .7));
        reporter.completed();

        assertThat(sent.get(0).getSecondsLeft()).isNull();
        assertThat(sent.get(1).getSecondsLeft()).isEqualTo(6);
        assertThat(sent.get(1).getSettledInfluence()).isEqualTo(.7);
        assertThat(sent.get(2).getSecondsLeft()).isNull();
        assertThat(new Done(0, 100, 0, null).secondsLeft(2)).isNull();
    }

    @Test
    void shouldSendWhatIsQueuedWhenClosed() {
        MockProducer<String, StageProgress> producer = producer();
        try (ProgressPublisher<StageProgress> publisher = publisher(() -> producer, 1_024)) {
            publisher.publish(event(ProgressState.STARTED));
            publisher.publish(event(ProgressState.COMPLETED));
        }

        assertThat(producer.history()).extracting(ProducerRecord::topic).containsExactly("progress", "progress");
        assertThat(producer.history()).extracting(ProducerRecord::key).containsOnly("p1");
        assertThat(producer.closed()).isTrue();
        assertThat(dropped).hasValue(0);
    }

    @Test
    void shouldDropAndCountInsteadOfBlockingWhenTheProducerHangs() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch hanging = new CountDownLatch(1);
        MockProducer<String, StageProgress> producer = producer();
        Supplier<Producer<String, StageProgress>> slow = () -> {
            asked.countDown();
            return after(hanging, producer);
        };
        try (ProgressPublisher<StageProgress> publisher = publisher(slow, 4)) {
            publisher.publish(event(ProgressState.STARTED));
            asked.await();
            for (int i = 0; i < 10; i++) {
                publisher.publish(event(ProgressState.RUNNING));
            }
            assertThat(dropped).hasValue(8);
            publisher.publish(event(ProgressState.COMPLETED));
            assertThat(dropped).hasValue(8);
            hanging.countDown();
            await().untilAsserted(() -> assertThat(producer.history()).hasSize(4));
            await().untilAsserted(() -> assertThat(publisher.undelivered()).isEqualTo(8));
        }
    }

    @Test
    void shouldCountWhatTheBrokersRefuse() {
        MockProducer<String, StageProgress> producer = producer();
        producer.sendException = new IllegalStateException("full");
        try (ProgressPublisher<StageProgress> publisher = publisher(() -> producer, 1_024)) {
            publisher.publish(event(ProgressState.STARTED));
            await().untilAsserted(() -> assertThat(dropped).hasValue(1));
            assertThat(publisher.undelivered()).isEqualTo(1);
        }
    }

    private ProgressPublisher<StageProgress> publisher(
            Supplier<Producer<String, StageProgress>> producers, int capacity) {
        return new ProgressPublisher<>(producers, "progress", ProgressProducers.STAGES, this::drop, capacity);
    }

    private void drop() {
        dropped.incrementAndGet();
    }

    private static Producer<String, StageProgress> after(
            CountDownLatch latch, MockProducer<String, StageProgress> producer) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return producer;
    }

    private static MockProducer<String, StageProgress> producer() {
        return new MockProducer<>(true, null, new StringSerializer(), (topic, event) -> new byte[0]);
    }

    private static StageProgress event(ProgressState state) {
        return StageProgress.newBuilder()
                .setPromptId("p1")
                .setStage("echo")
                .setState(state)
                .build();
    }
}
