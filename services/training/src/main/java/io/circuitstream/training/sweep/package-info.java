/** The seed's second experiment: transcoders of several kinds at several sparsities, trained alike and measured alike. */
@NullMarked
package io.circuitstream.training.sweep;

import org.jspecify.annotations.NullMarked;
