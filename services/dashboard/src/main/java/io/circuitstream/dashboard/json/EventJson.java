package io.circuitstream.dashboard.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.circuitstream.events.Columns;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonEncoder;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Events as the JSON of this server: fields by their names in the schema, columns of numbers as arrays, enums as their symbols, times
 * in epoch milliseconds, a number that is none as null.
 */
public final class EventJson {
    /** How the docs of columns begin: the only place where a schema says what their bytes are. */
    private static final String COLUMN = "little-endian ";

    private EventJson() {}

    /** Writes the fields of a record into an object that is open. */
    public static void fields(JsonGenerator out, IndexedRecord record, Set<String> leftOut) throws IOException {
        for (Schema.Field field : record.getSchema().getFields()) {
            if (!leftOut.contains(field.name())) {
                out.writeFieldName(field.name());
                value(out, record.get(field.pos()), field.doc());
            }
        }
    }

    /** The record as a tree, for small ones. */
    public static ObjectNode tree(IndexedRecord record) {
        try (TokenBuffer buffer = new TokenBuffer(Json.MAPPER, false)) {
            record(buffer, record);
            JsonNode tree = Json.MAPPER.readTree(buffer.asParser());
            return (ObjectNode) tree;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a JSON document of anything. */
    public static byte[] document(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator out = Json.MAPPER.getFactory().createGenerator(bytes)) {
            writing.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Writes a value. */
    @FunctionalInterface
    public interface Writing {
        void to(JsonGenerator out) throws IOException;
    }

    /** The event in Avro's own JSON encoding, from which any Avro library reads it. */
    public static byte[] avro(SpecificRecord event) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        try {
            JsonEncoder encoder = EncoderFactory.get().jsonEncoder(event.getSchema(), bytes);
            new SpecificDatumWriter<>(event.getSchema()).write(event, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void record(JsonGenerator out, IndexedRecord record) throws IOException {
        out.writeStartObject();
        fields(out, record, Set.of());
        out.writeEndObject();
    }

    private static void value(JsonGenerator out, @Nullable Object value, @Nullable String doc) throws IOException {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof IndexedRecord record) {
            record(out, record);
        } else if (value instanceof List<?> list) {
            out.writeStartArray();
            for (Object element : list) {
                value(out, element, null);
            }
            out.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            out.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.writeFieldName(entry.getKey().toString());
                value(out, entry.getValue(), null);
            }
            out.writeEndObject();
        } else if (value instanceof ByteBuffer bytes) {
            column(out, bytes, doc == null ? "" : doc);
        } else if (value instanceof Instant time) {
            out.writeNumber(time.toEpochMilli());
        } else if (value instanceof Float number) {
            decimal(out, number);
        } else if (value instanceof Double number) {
            decimal(out, number);
        } else if (value instanceof Number number) {
            out.writeNumber(number.longValue());
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else {
            out.writeString(value.toString());
        }
    }

    private static void column(JsonGenerator out, ByteBuffer bytes, String doc) throws IOException {
        if (doc.startsWith(COLUMN + "int32")) {
            int[] values = Columns.ints(bytes);
            out.writeArray(values, 0, values.length);
        } else if (doc.startsWith(COLUMN + "int64")) {
            long[] values = Columns.longs(bytes);
            out.writeArray(values, 0, values.length);
        } else if (doc.startsWith(COLUMN + "float32")) {
            out.writeStartArray();
            for (float value : Columns.floats(bytes)) {
                decimal(out, value);
            }
            out.writeEndArray();
        } else {
            throw new IllegalStateException("the doc of a column says no type: " + doc);
        }
    }

    private static void decimal(JsonGenerator out, float value) throws IOException {
        if (Float.isFinite(value)) {
            out.writeNumber(value);
        } else {
            out.writeNull();
        }
    }

    private static void decimal(JsonGenerator out, double value) throws IOException {
        if (Double.isFinite(value)) {
            out.writeNumber(value);
        } else {
            out.writeNull();
        }
    }
}
