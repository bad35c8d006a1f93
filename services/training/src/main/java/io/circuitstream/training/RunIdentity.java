package io.circuitstream.training;

/**
 * What one run trains, as it stands in every event of the run.
 *
 * @param job {@code model} or {@code transcoder}
 * @param name of what is trained: its folder's
 * @param kind of transcoder, empty for a model
 * @param activation of the transcoder, empty for a model
 */
record RunIdentity(String runId, String job, String name, String kind, String activation) {}
