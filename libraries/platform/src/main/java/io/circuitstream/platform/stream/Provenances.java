package io.circuitstream.platform.stream;

import io.circuitstream.events.EventSource;
import io.circuitstream.events.Provenance;
import io.circuitstream.platform.provenance.CodeVersion;

/** The provenance chain: each event names the one it was computed from. */
public final class Provenances {
    private Provenances() {}

    /**
     * The provenance of an event computed from another one.
     *
     * @param topic of the source, without prefix and version
     * @param sha256 of the source's body
     */
    public static Provenance next(Provenance previous, String topic, String sha256) {
        return Provenance.newBuilder(previous)
                .setCodeVersion(CodeVersion.current().version())
                .setSource(new EventSource(topic, sha256))
                .build();
    }

    /** Refuses an event that was computed with another model or transcoder. @throws RequestException naming both */
    public static void requireSame(Provenance provenance, String modelHash, String scan) {
        requireSame("model", provenance.getModelHash(), modelHash);
        requireSame("transcoder", provenance.getScan(), scan);
    }

    private static void requireSame(String what, String theirs, String ours) {
        if (!theirs.equals(ours)) {
            throw new RequestException("an earlier stage used the " + what + " " + theirs + ", this one has " + ours
                    + ": give all services the same folder");
        }
    }
}
