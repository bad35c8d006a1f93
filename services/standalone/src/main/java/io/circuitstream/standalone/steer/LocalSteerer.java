package io.circuitstream.standalone.steer;

import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.SteeringCompleted;
import io.circuitstream.events.SteeringRequested;
import io.circuitstream.inference.SteeringStage;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.stream.RequestException;

/** Steers in this process, without Kafka: the same event, to the byte. */
public final class LocalSteerer {
    private LocalSteerer() {}

    /**
     * What became of a request.
     *
     * @param maxTokens longest prompt
     */
    public static SteeringCompleted steer(TraceableModel model, int maxTokens, SteeringRequested request) {
        SteeringStage stage = new SteeringStage(model, maxTokens);
        Received<SteeringRequested> input = Received.asWritten(request);
        try {
            return stage.process(input, done -> {});
        } catch (RequestException e) {
            return stage.failed(input, e.reason());
        }
    }
}
