package io.circuitstream.platform.serde;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Avro's binary encoding of one event. The same event always has the same bytes.
 *
 * <p>Lengths in the bytes are not trusted: for an array as input Avro 1.12.2 compares every length of bytes, strings and
 * collections with what is left of it before it allocates.
 */
final class AvroBody {
    private AvroBody() {}

    /** @throws SerializationException if the event lacks a required value */
    static byte[] encode(SpecificRecord event) {
        EventClasses.trust();
        return write(new SpecificDatumWriter<>(event.getSchema(), SpecificData.getForClass(event.getClass())), event);
    }

    /** The body of the same event under another schema that can read it. */
    static byte[] transcode(byte[] body, Schema from, Schema to) {
        return write(new GenericDatumWriter<>(to), read(new GenericDatumReader<>(from, to), body, 0));
    }

    /** @throws SerializationException if the bytes from {@code offset} to the end are not exactly one event */
    static <T extends SpecificRecord> T decode(byte[] bytes, int offset, Schema writer, Class<T> type) {
        SpecificData data = SpecificData.getForClass(type);
        return type.cast(read(new SpecificDatumReader<>(writer, data.getSchema(type), data), bytes, offset));
    }

    private static <T> byte[] write(DatumWriter<T> writer, T datum) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream(512);
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            writer.write(datum, encoder);
            encoder.flush();
            return out.toByteArray();
        } catch (IOException | RuntimeException e) {
            throw new SerializationException("The event cannot be written: " + e.getMessage(), e);
        }
    }

    private static Object read(DatumReader<Object> reader, byte[] bytes, int offset) {
        try {
            BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, offset, bytes.length - offset, null);
            Object datum = reader.read(null, decoder);
            if (!decoder.isEnd()) {
                throw new SerializationException("Bytes are left over after the event: it is not of its schema");
            }
            return datum;
        } catch (SerializationException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The boundary of a record: bad bytes show as any of Avro's exceptions and the JDK's.
            throw new SerializationException("The bytes are not an event of their schema: " + e, e);
        }
    }
}
