/** The state of an unfinished training run in a file that survives a killed process, a crash and a full disk. */
@NullMarked
package io.circuitstream.training.checkpoint;

import org.jspecify.annotations.NullMarked;
