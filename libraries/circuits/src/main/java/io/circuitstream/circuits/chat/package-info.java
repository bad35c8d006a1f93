/** From the messages of a conversation to the text that an instruction model was trained on. */
@NullMarked
package io.circuitstream.circuits.chat;

import org.jspecify.annotations.NullMarked;
