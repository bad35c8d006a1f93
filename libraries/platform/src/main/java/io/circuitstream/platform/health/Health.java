package io.circuitstream.platform.health;

import java.util.Optional;

/** The state of a service as its health endpoint tells it. Both are asked often and must answer at once. */
public interface Health {

    /** False only when a restart of the process would help; so brokers that are away do not count. */
    boolean isLive();

    /** Why the service cannot work now, or empty when it can. */
    Optional<String> notReady();
}
