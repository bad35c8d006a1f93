package io.circuitstream.dashboard.reading;

/** How many are kept before the oldest are forgotten. */
public record Most(int traces, int findings) {}
