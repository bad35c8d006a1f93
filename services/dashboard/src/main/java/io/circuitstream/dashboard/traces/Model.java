package io.circuitstream.dashboard.traces;

import io.circuitstream.events.Provenance;

/** What a prompt ran on. */
public record Model(String name, String hash, String scan, String codeVersion) {
    static Model of(Provenance provenance) {
        return new Model(
                provenance.getModelName(),
                provenance.getModelHash(),
                provenance.getScan(),
                provenance.getCodeVersion());
    }
}
