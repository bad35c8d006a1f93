/** The attribution graph: nodes, sparse rows, influence, scores. */
@NullMarked
package io.circuitstream.circuits.graph;

import org.jspecify.annotations.NullMarked;
