package io.circuitstream.audit.behaviour.digest;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Arrivals on the repartition topic: the source as four bytes, then the entry. */
public final class ArrivalSerde {
    private ArrivalSerde() {}

    public static Serde<Arrival> create() {
        return Serdes.serdeFrom((topic, arrival) -> encode(arrival), (topic, bytes) -> decode(bytes));
    }

    private static byte[] encode(Arrival arrival) {
        byte[] entry = arrival.entry();
        return ByteBuffer.allocate(Integer.BYTES + entry.length)
                .putInt(arrival.source())
                .put(entry)
                .array();
    }

    private static Arrival decode(byte[] bytes) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            return ObservationCodec.decode(in.getInt(), in);
        } catch (RuntimeException e) {
            throw new SerializationException("not an observation: " + e.getMessage(), e);
        }
    }
}
