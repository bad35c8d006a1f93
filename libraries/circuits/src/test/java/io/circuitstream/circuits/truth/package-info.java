/** Models whose weights are written by hand, so that their circuits are known, and how well graphs find them. */
@NullMarked
package io.circuitstream.circuits.truth;

import org.jspecify.annotations.NullMarked;
