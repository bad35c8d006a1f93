package io.circuitstream.audit;

import io.circuitstream.events.Provenance;

/** What a finding is about; what is unknown is empty. */
public record Subject(String promptId, String tenant, String modelName, String modelHash, String scan) {

    /** The subject of an event that was computed. */
    public static Subject of(String promptId, String tenant, Provenance provenance) {
        return new Subject(
                promptId, tenant, provenance.getModelName(), provenance.getModelHash(), provenance.getScan());
    }

    /** Everything that was computed with one transcoder. */
    public static Subject scan(String scan) {
        return new Subject("", "", "", "", scan);
    }
}
