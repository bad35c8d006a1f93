/** Spans, whose context travels in W3C headers through every topic. */
@NullMarked
package io.circuitstream.platform.tracing;

import org.jspecify.annotations.NullMarked;
