package io.circuitstream.platform.serde;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;

/** Confluent's framing: a zero byte, the schema's id as a big-endian int32, the Avro binary body. */
final class WireFormat {
    static final int HEADER_BYTES = 5;
    private static final byte MAGIC = 0;

    private WireFormat() {}

    static byte[] frame(int schemaId, byte[] body) {
        return ByteBuffer.allocate(HEADER_BYTES + body.length)
                .put(MAGIC)
                .putInt(schemaId)
                .put(body)
                .array();
    }

    /** @throws SerializationException if there is no header; an empty body is not checked here */
    static int schemaId(byte[] framed) {
        if (framed.length < HEADER_BYTES) {
            throw new SerializationException(
                    "The record has " + framed.length + " bytes, the wire format's header alone has " + HEADER_BYTES);
        }
        if (framed[0] != MAGIC) {
            throw new SerializationException(
                    "The record begins with byte " + framed[0] + " instead of 0: it is not in Confluent's wire format");
        }
        return ByteBuffer.wrap(framed).getInt(1);
    }
}
