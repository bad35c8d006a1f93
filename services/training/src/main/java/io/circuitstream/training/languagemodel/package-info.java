/** A small Llama: forward pass, trainer, Hugging Face folder, answer accuracy. */
@NullMarked
package io.circuitstream.training.languagemodel;

import org.jspecify.annotations.NullMarked;
