/** Graphs as files that other tools read. */
@NullMarked
package io.circuitstream.circuits.export;

import org.jspecify.annotations.NullMarked;
