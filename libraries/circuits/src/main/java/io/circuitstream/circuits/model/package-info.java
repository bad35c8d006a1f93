/** Decoder-only language models from Hugging Face folders: configuration, tokenizer, weights, forward pass. */
@NullMarked
package io.circuitstream.circuits.model;

import org.jspecify.annotations.NullMarked;
