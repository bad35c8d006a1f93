package io.circuitstream.description;

import io.circuitstream.description.shares.Share;
import io.circuitstream.description.shares.ShareCodec;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Shares on the repartition topic, in {@link ShareCodec}'s bytes. */
final class ShareSerde {
    private ShareSerde() {}

    static Serde<Share> create() {
        return Serdes.serdeFrom((topic, share) -> ShareCodec.encode(share), (topic, bytes) -> decoded(bytes));
    }

    private static Share decoded(byte[] bytes) {
        try {
            return ShareCodec.decode(bytes);
        } catch (RuntimeException e) {
            throw new SerializationException("not a share: " + e.getMessage(), e);
        }
    }
}
