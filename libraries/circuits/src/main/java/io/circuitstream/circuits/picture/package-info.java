/** Circuits as drawings. */
@NullMarked
package io.circuitstream.circuits.picture;

import org.jspecify.annotations.NullMarked;
