/** The whole pipeline in one process, with its own broker and registry. */
@NullMarked
package io.circuitstream.standalone;

import org.jspecify.annotations.NullMarked;
