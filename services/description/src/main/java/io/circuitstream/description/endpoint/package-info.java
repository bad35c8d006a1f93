/** Labels from a language model behind an OpenAI-compatible endpoint. Off unless a URL is set. */
@NullMarked
package io.circuitstream.description.endpoint;

import org.jspecify.annotations.NullMarked;
