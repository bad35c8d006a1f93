/** Transcoders: activations, sparse trainer, folding into circuit-tracer's layouts. */
@NullMarked
package io.circuitstream.training.transcoder;

import org.jspecify.annotations.NullMarked;
