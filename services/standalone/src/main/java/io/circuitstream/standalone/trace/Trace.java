package io.circuitstream.standalone.trace;

import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.Status;
import io.circuitstream.events.ValidationReport;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that became of one prompt.
 *
 * @param graph null when nobody asked for it
 * @param stageMs milliseconds of computation by stage; a stage may be missing, its progress event can be lost
 * @param totalMs from sending the prompt to its last result
 */
public record Trace(
        InferenceCompleted inference,
        @Nullable AttributionGraph graph,
        Circuit circuit,
        ValidationReport report,
        Map<String, Long> stageMs,
        long totalMs) {

    public boolean ok() {
        return report.getStatus() == Status.OK;
    }
}
