/** The shape that all stages share: records in, results out, exactly once, with dead letters and progress. */
@NullMarked
package io.circuitstream.platform.stream;

import org.jspecify.annotations.NullMarked;
