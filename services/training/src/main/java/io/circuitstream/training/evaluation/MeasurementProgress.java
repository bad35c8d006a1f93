package io.circuitstream.training.evaluation;

/** Where a measurement stands, in documents. */
public record MeasurementProgress(int done, int total, double secondsLeft) {}
