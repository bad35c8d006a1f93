package io.circuitstream.audit.behaviour.window;

/**
 * How much of a window fits into memory and into its event.
 *
 * @param features distinct ones counted exactly
 * @param edges distinct ones counted exactly
 * @param top features, and edges, listed in the event
 * @param sample circuits compared with the next window
 * @param permutations behind each p-value
 */
public record WindowLimits(int features, int edges, int top, int sample, int permutations) {}
