package io.circuitstream.audit.behaviour.digest;

/** What goes to the owners of scans. */
public sealed interface Message permits Arrival, Beat {}
