package io.circuitstream.dashboard.reading;

import io.circuitstream.dashboard.features.FeatureRow;
import io.circuitstream.dashboard.live.LiveEvent;
import io.circuitstream.dashboard.traces.Trace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one step changed, for whoever keeps a part of the store in memory or tells others. Mutable; for one step. */
final class Changed {
    /** Those that were changed, once each, as they are at the end of the step. */
    final Map<String, Trace> traces = new LinkedHashMap<>();

    final List<FeatureRow> rows = new ArrayList<>();
    final List<LiveEvent> events = new ArrayList<>();
}
