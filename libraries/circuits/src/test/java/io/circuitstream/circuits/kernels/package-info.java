/** What the innermost loops cost, by JMH: measurements, not tests. */
@NullMarked
package io.circuitstream.circuits.kernels;

import org.jspecify.annotations.NullMarked;
