package io.circuitstream.standalone.steer;

import io.circuitstream.events.SteeringCompleted;
import io.circuitstream.events.SteeringRequested;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.StartupException;
import io.circuitstream.standalone.client.EventClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sends steering requests to a deployment and waits for their results. Thread-confined. */
public final class KafkaSteerer implements AutoCloseable {
    private final EventClient client;

    /** Reads results from now on. @throws StartupException when no broker answers or topics are missing */
    public KafkaSteerer(Settings settings) {
        client = new EventClient("steer", settings, Map.of(Event.STEERED, SteeringCompleted.class));
    }

    /** The result of a request that is sent now. @throws StartupException when no result comes for so long */
    public SteeringCompleted steer(SteeringRequested request, Duration patience) {
        String id = request.getRequestId();
        client.send(Event.STEERINGS, SteeringRequested.class, List.of(request), SteeringRequested::getRequestId);
        List<SteeringCompleted> results = new ArrayList<>();
        long start = System.nanoTime();
        while (results.isEmpty()) {
            client.poll(id::equals, (key, value) -> results.add((SteeringCompleted) value));
            if (System.nanoTime() - start > patience.toNanos()) {
                throw new StartupException("no result of the steering for " + patience.toSeconds()
                        + " s: is the inference service running?");
            }
        }
        return results.get(0);
    }

    @Override
    public void close() {
        client.close();
    }
}
