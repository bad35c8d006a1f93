package io.circuitstream.platform.stream;

import io.circuitstream.events.Status;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/** Reads the {@code status} and {@code message} that result events have in common, by their names in the schema. */
final class EventStatus {

    private EventStatus() {}

    /** The message of an event with status FAILED; empty for other events and for those without a status. */
    static Optional<String> failure(SpecificRecord event) {
        if (of(event) != Status.FAILED) {
            return Optional.empty();
        }
        Schema.Field message = event.getSchema().getField("message");
        Object text = message == null ? null : event.get(message.pos());
        return Optional.of(text == null ? "failed without a message" : text.toString());
    }

    /** UNKNOWN for an event that has none, such as a prompt. */
    static Status of(SpecificRecord event) {
        Schema.Field status = event.getSchema().getField("status");
        return status != null && event.get(status.pos()) instanceof Status value ? value : Status.UNKNOWN;
    }
}
