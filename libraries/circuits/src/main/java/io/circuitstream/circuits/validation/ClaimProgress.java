package io.circuitstream.circuits.validation;

/** Told after every claim that was tested. */
@FunctionalInterface
public interface ClaimProgress {
    ClaimProgress NONE = (done, total) -> {};

    void claims(int done, int total);
}
