/** Cross-layer transcoders: activations, sparse trainer, folding into circuit-tracer's layout, evaluation. */
@NullMarked
package io.circuitstream.training.transcoder;

import org.jspecify.annotations.NullMarked;
