/** Rows of the attribution graph by the explicit adjoint of the frozen, linear model. */
@NullMarked
package io.circuitstream.circuits.attribution;

import org.jspecify.annotations.NullMarked;
