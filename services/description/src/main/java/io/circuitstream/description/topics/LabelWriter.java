package io.circuitstream.description.topics;

import io.circuitstream.events.FeatureLabel;
import io.circuitstream.events.LabelSource;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ProgressSink;
import io.circuitstream.platform.stream.ServiceContext;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Writes labels to a deployment's labels topic. Thread-safe. */
public final class LabelWriter implements AutoCloseable {
    private static final int TIMEOUT_MS = 10_000;

    private final ServiceContext context;
    private final KafkaProducer<String, FeatureLabel> producer;

    public LabelWriter(Settings settings) {
        EventClasses.trust();
        Map<String, Object> properties = new HashMap<>(settings.kafka().producer());
        properties.put("bootstrap.servers", settings.get(CommonSettings.BOOTSTRAP_SERVERS));
        properties.put("max.block.ms", TIMEOUT_MS);
        properties.put("request.timeout.ms", TIMEOUT_MS);
        properties.put("delivery.timeout.ms", 2 * TIMEOUT_MS);
        this.context = ServiceContext.of("label", settings, ProgressSink.NONE);
        Serializer<FeatureLabel> serializer = context.serde(FeatureLabel.class).serializer();
        this.producer = new KafkaProducer<>(properties, new StringSerializer(), serializer);
    }

    /** Returns when the brokers have it. @throws KafkaException when they do not take it */
    public void put(FeatureId feature, LabelSource source, String label, String author) {
        send(
                feature,
                source,
                FeatureLabel.newBuilder()
                        .setScan(feature.scan())
                        .setLayer(feature.layer())
                        .setFeature(feature.feature())
                        .setLabel(label)
                        .setSource(source)
                        .setAuthor(author)
                        .setTime(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                        .build());
    }

    /** Takes a label back. @throws KafkaException when the brokers do not take it */
    public void remove(FeatureId feature, LabelSource source) {
        send(feature, source, null);
    }

    private void send(FeatureId feature, LabelSource source, @Nullable FeatureLabel label) {
        try {
            producer.send(new ProducerRecord<>(context.topic(Event.LABELS), feature.labelKey(source), label))
                    .get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofMillis(TIMEOUT_MS));
        context.close();
    }
}
