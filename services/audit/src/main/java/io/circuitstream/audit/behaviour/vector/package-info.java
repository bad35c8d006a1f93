/** Circuits as fixed numbers of numbers. */
@NullMarked
package io.circuitstream.audit.behaviour.vector;

import org.jspecify.annotations.NullMarked;
