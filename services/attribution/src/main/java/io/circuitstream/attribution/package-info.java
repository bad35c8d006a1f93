/** The attribution graph of every inference. */
@NullMarked
package io.circuitstream.attribution;

import org.jspecify.annotations.NullMarked;
