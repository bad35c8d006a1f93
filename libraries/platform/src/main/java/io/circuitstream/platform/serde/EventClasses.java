package io.circuitstream.platform.serde;

import io.circuitstream.events.Topics;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.kafka.common.errors.SerializationException;

/**
 * The generated classes that a schema's name may lead to: those of the contracts' package and no others. Since 1.12.2
 * Avro loads only classes that the process trusts, and by default not ours; {@link #trust} adds the package to what is
 * trusted already. A serde of someone else's needs {@code -Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.circuitstream.events}.
 */
public final class EventClasses {
    static final String PACKAGE = Topics.class.getPackageName();

    private EventClasses() {}

    /** For programs that build events before they configure a serde. Process-wide; later calls do nothing. */
    public static void trust() {
        Trusted.install();
    }

    /** @throws SerializationException if the writer's schema is of no event that this version knows */
    static Class<? extends SpecificRecord> of(Schema writer) {
        if (writer.getType() == Schema.Type.RECORD && PACKAGE.equals(writer.getNamespace())) {
            Class<?> found = SpecificData.get().getClass(writer);
            if (found != null && SpecificRecord.class.isAssignableFrom(found)) {
                return found.asSubclass(SpecificRecord.class);
            }
        }
        throw new SerializationException(
                "The record's schema is " + name(writer) + ", which is no event of " + PACKAGE + " in this version");
    }

    static String name(Schema schema) {
        return schema.getFullName();
    }

    /** A holder class: its initialiser runs once, however many threads configure serdes. */
    private static final class Trusted {
        static {
            ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                    ClassSecurityValidator.getGlobal(), type -> PACKAGE.equals(type.getPackageName())));
        }

        static void install() {
            // Calling it has initialised the class.
        }
    }
}
