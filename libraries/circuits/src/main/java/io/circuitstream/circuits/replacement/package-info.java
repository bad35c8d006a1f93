/** The local replacement model of one prompt: the model, exactly, with features in place of MLPs and everything else frozen. */
@NullMarked
package io.circuitstream.circuits.replacement;

import org.jspecify.annotations.NullMarked;
