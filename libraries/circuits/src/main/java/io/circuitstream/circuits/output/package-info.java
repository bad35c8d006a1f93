/** What features write towards the vocabulary, without a prompt. */
@NullMarked
package io.circuitstream.circuits.output;

import org.jspecify.annotations.NullMarked;
