package io.circuitstream.platform.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record as it arrived, with where it came from and why it could not be processed.
 *
 * @param service whose dead letter it is
 * @param partition of the dead-letter topic
 * @param offset in that partition
 * @param at when it was put aside, milliseconds since 1970
 * @param key of the original record, as bytes
 * @param value of the original record, as bytes; null when it had none or when only its size was asked for
 * @param bytes length of the original value
 * @param origin topic and partition it came from; null when the headers do not say
 * @param originOffset −1 when the headers do not say
 * @param exception class of what was thrown
 * @param message of what was thrown
 * @param stacktrace of what was thrown
 * @param replays how often it had been sent again before it came here
 * @param headers of the original record
 */
public record DeadLetter(
        String service,
        int partition,
        long offset,
        long at,
        byte @Nullable [] key,
        byte @Nullable [] value,
        int bytes,
        @Nullable TopicPartition origin,
        long originOffset,
        String exception,
        String message,
        String stacktrace,
        int replays,
        List<Header> headers) {

    static final String REPLAYS = "circuitstream.replays";
    static final String REPLAYED_FROM = "circuitstream.replayed.from";
    private static final String ERRORS = "__streams.errors.";

    static DeadLetter of(String service, ConsumerRecord<byte[], byte[]> letter) {
        return new DeadLetter(
                service,
                letter.partition(),
                letter.offset(),
                letter.timestamp(),
                letter.key(),
                letter.value(),
                letter.value() == null ? 0 : letter.value().length,
                origin(letter),
                header(letter, ERRORS + "offset").map(Long::parseLong).orElse(-1L),
                header(letter, ERRORS + "exception").orElse(""),
                header(letter, ERRORS + "message").orElse(""),
                header(letter, ERRORS + "stacktrace").orElse(""),
                header(letter, REPLAYS).map(Integer::parseInt).orElse(0),
                original(letter));
    }

    /** The original key as text, null when there is none. */
    public @Nullable String keyText() {
        return key == null ? null : new String(key, UTF_8);
    }

    /** The same without its value: that can be megabytes. It cannot be sent again. */
    DeadLetter withoutValue() {
        return new DeadLetter(
                service,
                partition,
                offset,
                at,
                key,
                null,
                bytes,
                origin,
                originOffset,
                exception,
                message,
                stacktrace,
                replays,
                headers);
    }

    /** Where it stands, as commands and pages name it: {@code partition:offset}. */
    public String place() {
        return partition + ":" + offset;
    }

    private static @Nullable TopicPartition origin(ConsumerRecord<byte[], byte[]> letter) {
        return header(letter, ERRORS + "topic")
                .map(topic -> new TopicPartition(
                        topic,
                        header(letter, ERRORS + "partition")
                                .map(Integer::parseInt)
                                .orElse(0)))
                .orElse(null);
    }

    private static List<Header> original(ConsumerRecord<byte[], byte[]> letter) {
        List<Header> headers = new ArrayList<>();
        for (Header header : letter.headers()) {
            if (!header.key().startsWith(ERRORS)
                    && !header.key().equals(REPLAYS)
                    && !header.key().equals(REPLAYED_FROM)) {
                headers.add(header);
            }
        }
        return List.copyOf(headers);
    }

    private static Optional<String> header(ConsumerRecord<byte[], byte[]> letter, String name) {
        Header header = letter.headers().lastHeader(name);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), UTF_8));
    }
}
