package io.circuitstream.dashboard.traces;

/**
 * The model that the deployment serves, where the dashboard knows it.
 *
 * @param features of all layers
 * @param maxTokens longest prompt
 */
public record ServedModel(String model, String modelHash, String scan, int layers, long features, int maxTokens) {}
