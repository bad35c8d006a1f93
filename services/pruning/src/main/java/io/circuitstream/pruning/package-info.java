/** The circuit of every attribution graph. */
@NullMarked
package io.circuitstream.pruning;

import org.jspecify.annotations.NullMarked;
