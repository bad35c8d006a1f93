/** The model and its local replacement on every prompt. */
@NullMarked
package io.circuitstream.inference;

import org.jspecify.annotations.NullMarked;
