/** Transcoders: sparse features that predict what the MLPs write (circuits.md §1). */
@NullMarked
package io.circuitstream.circuits.transcoder;

import org.jspecify.annotations.NullMarked;
