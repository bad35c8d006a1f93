/** Continuing a prompt, as the model would and with features held at other values. */
@NullMarked
package io.circuitstream.circuits.generation;

import org.jspecify.annotations.NullMarked;
