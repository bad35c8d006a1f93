package io.circuitstream.dashboard.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** From a person's JSON to a part of an event: what is left out has the schema's default, what is not known is refused. */
public final class EventReader {
    private EventReader() {}

    /** The record that the JSON object describes. @throws FieldException naming the field, as a path from {@code name} */
    public static <T extends SpecificRecord> T record(JsonNode json, Class<T> type, String name) {
        return type.cast(record(json, SpecificData.get().getSchema(type), name));
    }

    /** The list of records; empty for a value that is missing. */
    public static <T extends SpecificRecord> List<T> records(JsonNode json, Class<T> type, String name) {
        if (json.isMissingNode() || json.isNull()) {
            return List.of();
        }
        require(json.isArray(), name, "must be a list");
        List<T> records = new ArrayList<>();
        for (JsonNode element : json) {
            records.add(record(element, type, name + "[" + records.size() + "]"));
        }
        return records;
    }

    private static Object record(JsonNode json, Schema schema, String name) {
        require(json.isObject(), name, "must be an object");
        for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
            String given = names.next();
            require(schema.getField(given) != null, name + "." + given, "is not known");
        }
        SpecificRecord record = (SpecificRecord) SpecificData.get().newRecord(null, schema);
        for (Schema.Field field : schema.getFields()) {
            JsonNode value = json.path(field.name());
            String path = name + "." + field.name();
            if (value.isMissingNode()) {
                require(field.hasDefaultValue(), path, "is missing");
                record.put(
                        field.pos(),
                        SpecificData.get()
                                .deepCopy(field.schema(), SpecificData.get().getDefaultValue(field)));
            } else {
                record.put(field.pos(), value(value, field.schema(), path));
            }
        }
        return record;
    }

    private static @Nullable Object value(JsonNode json, Schema schema, String name) {
        return switch (schema.getType()) {
            case RECORD -> record(json, schema, name);
            case UNION -> json.isNull() ? null : value(json, branch(schema), name);
            case ARRAY -> list(json, schema.getElementType(), name);
            case MAP -> map(json, schema.getValueType(), name);
            case ENUM -> symbol(json, schema, name);
            case STRING -> text(json, name);
            case BOOLEAN -> {
                require(json.isBoolean(), name, "must be true or false");
                yield json.booleanValue();
            }
            case INT -> {
                require(json.isIntegralNumber() && json.canConvertToInt(), name, "must be a whole number");
                yield json.intValue();
            }
            case LONG -> {
                require(json.isIntegralNumber() && json.canConvertToLong(), name, "must be a whole number");
                yield schema.getLogicalType() == null ? json.longValue() : Instant.ofEpochMilli(json.longValue());
            }
            case FLOAT -> (float) number(json, name);
            case DOUBLE -> number(json, name);
            default -> throw new IllegalStateException("no request has a field of type " + schema.getType());
        };
    }

    /** Of null and one other. */
    private static Schema branch(Schema union) {
        return union.getTypes().stream()
                .filter(type -> type.getType() != Schema.Type.NULL)
                .findFirst()
                .orElseThrow();
    }

    private static double number(JsonNode json, String name) {
        require(json.isNumber() && Math.abs(json.doubleValue()) <= Float.MAX_VALUE, name, "must be a number");
        return json.doubleValue();
    }

    private static String text(JsonNode json, String name) {
        require(json.isTextual(), name, "must be a text");
        return json.textValue();
    }

    private static Object symbol(JsonNode json, Schema schema, String name) {
        require(
                json.isTextual() && schema.hasEnumSymbol(json.textValue()),
                name,
                "must be one of " + String.join(", ", schema.getEnumSymbols()));
        return SpecificData.get().createEnum(json.textValue(), schema);
    }

    private static List<Object> list(JsonNode json, Schema element, String name) {
        require(json.isArray(), name, "must be a list");
        List<Object> values = new GenericData.Array<>(json.size(), Schema.createArray(element));
        for (JsonNode each : json) {
            values.add(value(each, element, name + "[" + values.size() + "]"));
        }
        return values;
    }

    private static Map<String, Object> map(JsonNode json, Schema element, String name) {
        require(json.isObject(), name, "must be an object");
        Map<String, Object> values = new LinkedHashMap<>();
        json.fields()
                .forEachRemaining(entry ->
                        values.put(entry.getKey(), value(entry.getValue(), element, name + "." + entry.getKey())));
        return values;
    }

    private static void require(boolean condition, String name, String problem) {
        if (!condition) {
            throw new FieldException(name, problem);
        }
    }
}
