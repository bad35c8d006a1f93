package io.circuitstream.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/**
 * Which earlier schemas of a subject a new one must read (backward) and be read by (forward): the last one, or all of
 * them (transitive). Confluent's levels with Avro's rules.
 */
enum CompatibilityLevel {
    NONE(false, false, false),
    BACKWARD(true, false, false),
    BACKWARD_TRANSITIVE(true, false, true),
    FORWARD(false, true, false),
    FORWARD_TRANSITIVE(false, true, true),
    FULL(true, true, false),
    FULL_TRANSITIVE(true, true, true);

    private final boolean backward;
    private final boolean forward;
    private final boolean transitive;

    CompatibilityLevel(boolean backward, boolean forward, boolean transitive) {
        this.backward = backward;
        this.forward = forward;
        this.transitive = transitive;
    }

    /** @throws RegistryError 42203 if there is no such level */
    static CompatibilityLevel parse(String name) {
        try {
            return valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw RegistryError.invalidLevel(name);
        }
    }

    /** Returns the reasons against {@code schema}, none if it may follow {@code earlier} (oldest first). */
    List<String> reasonsAgainst(Schema schema, List<Schema> earlier) {
        List<String> reasons = new ArrayList<>();
        int first = transitive ? 0 : Math.max(0, earlier.size() - 1);
        for (int i = earlier.size() - 1; i >= first; i--) {
            Schema old = earlier.get(i);
            if (backward) {
                addReasons("The new schema cannot read data of version " + (i + 1), schema, old, reasons);
            }
            if (forward) {
                addReasons("Version " + (i + 1) + " cannot read data of the new schema", old, schema, reasons);
            }
        }
        return reasons;
    }

    private static void addReasons(String what, Schema reader, Schema writer, List<String> reasons) {
        var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
        if (result.getType() == SchemaCompatibilityType.COMPATIBLE) {
            return;
        }
        for (Incompatibility reason : result.getResult().getIncompatibilities()) {
            reasons.add(
                    what + ": " + reason.getType() + " at " + reason.getLocation() + " (" + reason.getMessage() + ")");
        }
    }
}
