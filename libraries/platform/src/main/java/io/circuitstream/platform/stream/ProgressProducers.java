package io.circuitstream.platform.stream;

import io.circuitstream.events.ProgressState;
import io.circuitstream.events.StageProgress;
import io.circuitstream.events.Topics;
import io.circuitstream.platform.settings.CommonSettings;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringSerializer;

/** Producers for progress: little memory, short time-outs, no transaction. */
final class ProgressProducers {
    static final ProgressPublisher.Feed<StageProgress> STAGES = new ProgressPublisher.Feed<>(
            Topics.Event.PROGRESS,
            StageProgress.class,
            StageProgress::getPromptId,
            progress -> progress.getState() == ProgressState.RUNNING);

    private ProgressProducers() {}

    static ProgressSink publisher(ServiceContext service) {
        ProgressPublisher<StageProgress> publisher =
                ProgressPublisher.of(service, STAGES, service.metrics()::progressDropped);
        return new ProgressSink() {
            @Override
            public void publish(StageProgress progress) {
                publisher.publish(progress);
            }

            @Override
            public void close() {
                publisher.close();
            }
        };
    }

    static <T extends SpecificRecord> Producer<String, T> producer(ServiceContext service, Class<T> type) {
        Map<String, Object> properties =
                new HashMap<>(service.settings().kafka().producer());
        properties.put(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, service.settings().get(CommonSettings.BOOTSTRAP_SERVERS));
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, service.applicationId() + "-progress");
        properties.put(ProducerConfig.ACKS_CONFIG, "1");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 1024 * 1024);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 2_000);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
        return new KafkaProducer<>(
                properties, new StringSerializer(), service.serde(type).serializer());
    }
}
