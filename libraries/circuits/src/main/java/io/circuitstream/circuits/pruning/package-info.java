/** From the attribution graph to the circuit. */
@NullMarked
package io.circuitstream.circuits.pruning;

import org.jspecify.annotations.NullMarked;
