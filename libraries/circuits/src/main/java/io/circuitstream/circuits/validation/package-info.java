/** Testing what a circuit claims. */
@NullMarked
package io.circuitstream.circuits.validation;

import org.jspecify.annotations.NullMarked;
