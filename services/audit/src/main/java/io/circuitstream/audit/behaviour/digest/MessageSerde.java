package io.circuitstream.audit.behaviour.digest;

import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Messages on the repartition topic. */
public final class MessageSerde {
    private MessageSerde() {}

    public static Serde<Message> create() {
        return Serdes.serdeFrom((topic, message) -> MessageCodec.encode(message), (topic, bytes) -> decode(bytes));
    }

    private static Message decode(byte[] bytes) {
        try {
            return MessageCodec.decode(bytes);
        } catch (RuntimeException e) {
            throw new SerializationException("no digest and no beat: " + e.getMessage(), e);
        }
    }
}
