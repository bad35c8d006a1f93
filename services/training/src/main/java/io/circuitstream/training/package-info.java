/** Stage one: trains the shipped language model and the transcoders that decompose it. */
@NullMarked
package io.circuitstream.training;

import org.jspecify.annotations.NullMarked;
