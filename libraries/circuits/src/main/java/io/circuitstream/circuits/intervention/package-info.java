/** Changing features and measuring what the model does. */
@NullMarked
package io.circuitstream.circuits.intervention;

import org.jspecify.annotations.NullMarked;
