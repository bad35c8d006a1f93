package io.circuitstream.audit.detection;

import io.circuitstream.events.Evidence;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Where an event stands.
 *
 * @param sha256 of its body
 * @param time of its record
 */
record Origin(String topic, int partition, long offset, String sha256, Instant time) {

    static Origin of(RecordMetadata metadata, String sha256, long timestamp) {
        return new Origin(
                metadata.topic(), metadata.partition(), metadata.offset(), sha256, Instant.ofEpochMilli(timestamp));
    }

    /** Tells the findings of one rule apart, the same whenever the record is read. */
    String occurrence() {
        return topic + "/" + partition + "/" + offset;
    }

    Evidence.Builder evidence(String measure, double value) {
        return Evidence.newBuilder()
                .setTopic(topic)
                .setPartition(partition)
                .setOffset(offset)
                .setSha256(sha256)
                .setMeasure(measure)
                .setValue(value);
    }
}
