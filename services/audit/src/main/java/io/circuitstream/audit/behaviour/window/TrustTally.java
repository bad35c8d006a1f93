package io.circuitstream.audit.behaviour.window;

import io.circuitstream.audit.behaviour.digest.TrustDigest;
import io.circuitstream.audit.behaviour.drift.Tenths;
import io.circuitstream.events.TrustDistribution;
import io.circuitstream.events.TrustVerdict;
import java.util.EnumMap;
import java.util.Map;

/** Counts the validation reports of a window. */
final class TrustTally {
    private final long[] confirmedShare = new long[Tenths.COUNT];
    private final Map<TrustVerdict, Long> verdicts = new EnumMap<>(TrustVerdict.class);
    private long validated;
    private long failed;
    private long agrees;

    void add(TrustDigest report) {
        if (report.failed()) {
            failed++;
            return;
        }
        validated++;
        agrees += report.replacementAgrees() ? 1 : 0;
        verdicts.merge(report.verdict(), 1L, Long::sum);
        if (report.confirmedShare() >= 0) {
            confirmedShare[Tenths.of(report.confirmedShare())]++;
        }
    }

    TrustDistribution write(TrustDistribution.Builder event) {
        return event.setConfirmedShare(WindowTally.boxed(confirmedShare))
                .setValidated(validated)
                .setValidationFailed(failed)
                .setReplacementAgrees(agrees)
                .setSupported(verdicts.getOrDefault(TrustVerdict.SUPPORTED, 0L))
                .setMixed(verdicts.getOrDefault(TrustVerdict.MIXED, 0L))
                .setUnsupported(verdicts.getOrDefault(TrustVerdict.UNSUPPORTED, 0L))
                .setUntested(verdicts.getOrDefault(TrustVerdict.UNTESTED, 0L)
                        + verdicts.getOrDefault(TrustVerdict.UNKNOWN, 0L))
                .build();
    }
}
