package io.circuitstream.platform.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.topics.RecordLimits;
import io.circuitstream.platform.topics.Refusals;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends dead letters to where they came from, with their bytes, key, partition and headers, and with how often that was done.
 * The letters stay where they are. One that fails again becomes a letter of its own. Thread-safe.
 */
public final class Replay implements AutoCloseable {
    private static final int TIMEOUT_MS = 10_000;
    private static final String TRANSACTIONAL_IDS = "circuitstream-replay-";

    private final KafkaProducer<byte[], byte[]> producer;

    /** @throws KafkaException when no broker answers or the user may not */
    public Replay(Settings settings) {
        Map<String, Object> properties = new HashMap<>(settings.kafka().producer());
        properties.put("bootstrap.servers", settings.get(CommonSettings.BOOTSTRAP_SERVERS));
        properties.put("acks", "all");
        properties.put("enable.idempotence", true);
        properties.put("max.request.size", RecordLimits.MAX_RECORD_BYTES);
        properties.put("max.block.ms", TIMEOUT_MS);
        properties.put("request.timeout.ms", TIMEOUT_MS / 2);
        properties.put("delivery.timeout.ms", TIMEOUT_MS);
        properties.put("transactional.id", TRANSACTIONAL_IDS + UUID.randomUUID());
        producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw refused(e);
        }
    }

    /**
     * Sends all of them or none.
     *
     * @param letters with their values, as {@link DeadLetters#at} yields them
     * @throws IllegalArgumentException for one whose headers do not say where it came from, or that lacks its value
     * @throws KafkaException when the brokers do not take them
     */
    public void send(Collection<DeadLetter> letters) {
        letters.forEach(Replay::require);
        producer.beginTransaction();
        try {
            letters.forEach(letter -> {
                var unused = producer.send(again(letter));
            });
            producer.commitTransaction();
        } catch (RuntimeException e) {
            abort(e);
            throw refused(e);
        }
    }

    /** Which right is missing, if that is the reason; Kafka says so in a cause, and of ids not at all which. */
    private static RuntimeException refused(RuntimeException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof TransactionalIdAuthorizationException) {
                return withCause(Refusals.transactionalIds(TRANSACTIONAL_IDS), e);
            }
            if (cause instanceof TopicAuthorizationException topics) {
                return withCause(Refusals.topic(AclOperation.WRITE, String.join(", ", topics.unauthorizedTopics())), e);
            }
        }
        return e;
    }

    private static RuntimeException withCause(RuntimeException named, RuntimeException cause) {
        named.initCause(cause);
        return named;
    }

    /** Not possible when the brokers did not answer to the commit: then they may have them. */
    private void abort(RuntimeException why) {
        try {
            producer.abortTransaction();
        } catch (RuntimeException e) {
            why.addSuppressed(e);
        }
    }

    static ProducerRecord<byte[], byte[]> again(DeadLetter letter) {
        var origin = origin(letter);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                origin.topic(), origin.partition(), letter.key(), letter.value(), letter.headers());
        record.headers()
                .add(DeadLetter.REPLAYS, Integer.toString(letter.replays() + 1).getBytes(UTF_8))
                .add(DeadLetter.REPLAYED_FROM, (letter.service() + "/" + letter.place()).getBytes(UTF_8));
        return record;
    }

    private static void require(DeadLetter letter) {
        var unused = origin(letter);
        if (letter.value() == null && letter.bytes() > 0) {
            throw new IllegalArgumentException(
                    "dead letter " + letter.place() + " of " + letter.service() + " was read without its value");
        }
    }

    private static TopicPartition origin(DeadLetter letter) {
        if (letter.origin() == null) {
            throw new IllegalArgumentException("dead letter " + letter.place() + " of " + letter.service()
                    + " does not say from which topic it came");
        }
        return letter.origin();
    }

    @Override
    public void close() {
        producer.close();
    }
}
