/** Circuits of events as graphs of the maths, and graph files as events. */
@NullMarked
package io.circuitstream.dashboard.graphs;

import org.jspecify.annotations.NullMarked;
