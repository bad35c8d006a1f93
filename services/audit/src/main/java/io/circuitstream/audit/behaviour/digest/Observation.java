package io.circuitstream.audit.behaviour.digest;

/** What a window keeps of one record. */
public sealed interface Observation permits CircuitDigest, TrustDigest {}
