package io.circuitstream.dashboard.reading;

import io.circuitstream.dashboard.features.FeatureRow;
import io.circuitstream.dashboard.live.LiveEvent;
import io.circuitstream.dashboard.traces.Trace;
import java.util.Collection;
import java.util.List;

/** Told of each step after it is committed, by the thread that reads: must not wait. */
public interface Applied {
    void applied(Collection<Trace> traces, List<FeatureRow> rows, List<LiveEvent> events);
}
