package io.circuitstream.dashboard.traces;

import io.circuitstream.events.TrustVerdict;
import io.circuitstream.events.ValidationReport;

/** What validation says of a prompt. */
public record ReportFigures(int confirmed, int refuted, int inconclusive, TrustVerdict verdict) {
    static ReportFigures of(ValidationReport event) {
        return new ReportFigures(event.getConfirmed(), event.getRefuted(), event.getInconclusive(), event.getVerdict());
    }
}
