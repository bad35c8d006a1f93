package io.circuitstream.platform.stream;

import io.circuitstream.platform.serde.RegistryRefusedException;
import java.util.Optional;
import org.apache.kafka.common.errors.RetriableException;

/** What kind of trouble an exception is, and so what follows. */
public enum Fault {
    /** Something is away and may come back: try the record again, for as long as it takes. */
    OUTAGE,
    /** The registry refuses: configuration or contract is wrong for every record, so the service stops. */
    REFUSAL,
    /** Poison, or a bug that this record meets: the record becomes a dead letter. */
    RECORD;

    /** Judged by the exception and its causes. */
    public static Fault of(Throwable thrown) {
        if (cause(thrown, RetriableException.class).isPresent()) {
            return OUTAGE;
        }
        return cause(thrown, RegistryRefusedException.class).isPresent() ? REFUSAL : RECORD;
    }

    /** The first exception of the type among the thrown one and its causes. */
    static <T extends Throwable> Optional<T> cause(Throwable thrown, Class<T> type) {
        Throwable current = thrown;
        while (current != null) {
            if (type.isInstance(current)) {
                return Optional.of(type.cast(current));
            }
            current = current.getCause();
        }
        return Optional.empty();
    }
}
