/** Sending prompts and collecting what becomes of them. */
@NullMarked
package io.circuitstream.standalone.trace;

import org.jspecify.annotations.NullMarked;
