/** Numbers in few bytes: the layout of the service's own topics and stores. */
@NullMarked
package io.circuitstream.description.packed;

import org.jspecify.annotations.NullMarked;
