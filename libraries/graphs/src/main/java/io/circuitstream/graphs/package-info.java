/** Between events and the maths: graphs and circuits as topics carry them, read and written by more than one service. */
@NullMarked
package io.circuitstream.graphs;

import org.jspecify.annotations.NullMarked;
