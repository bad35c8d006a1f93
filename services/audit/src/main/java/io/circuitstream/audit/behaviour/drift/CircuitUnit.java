package io.circuitstream.audit.behaviour.drift;

import io.circuitstream.audit.behaviour.digest.Edge;
import java.util.List;

/**
 * What is exchanged between two windows: a whole circuit.
 *
 * @param features codes, each once
 * @param edges each once
 * @param completeness tenth
 * @param replacement tenth
 * @param confirmedShare tenth, −1 when unknown
 */
public record CircuitUnit(long[] features, List<Edge> edges, int completeness, int replacement, int confirmedShare) {}
