package io.circuitstream.platform.serde;

/**
 * An event with the digest of the bytes in which it arrived, which becomes {@code provenance.source.sha256} of what is
 * computed from it.
 */
public record Received<T>(T event, String sha256) {}
