package io.circuitstream.dashboard.traces;

/** Whether more results are to come. */
public enum State {
    RUNNING,
    COMPLETED,
    FAILED
}
