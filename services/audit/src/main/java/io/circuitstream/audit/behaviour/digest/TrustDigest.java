package io.circuitstream.audit.behaviour.digest;

import io.circuitstream.events.Status;
import io.circuitstream.events.TrustVerdict;
import io.circuitstream.events.ValidationReport;

/**
 * What a window keeps of a validation report.
 *
 * @param failed when it has no results; the rest is then empty
 * @param confirmedShare −1 without claims
 */
public record TrustDigest(boolean failed, double confirmedShare, boolean replacementAgrees, TrustVerdict verdict)
        implements Observation {
    private static final TrustDigest FAILED = new TrustDigest(true, -1, false, TrustVerdict.UNKNOWN);

    /** The digest of a report. @throws IllegalArgumentException when its share is no number */
    public static TrustDigest of(ValidationReport report) {
        if (report.getStatus() != Status.OK) {
            return FAILED;
        }
        Double share = report.getConfirmedShare();
        if (share != null && !Double.isFinite(share)) {
            throw new IllegalArgumentException("confirmedShare is not a finite number: " + share);
        }
        return new TrustDigest(false, share == null ? -1 : share, report.getReplacementAgrees(), report.getVerdict());
    }
}
