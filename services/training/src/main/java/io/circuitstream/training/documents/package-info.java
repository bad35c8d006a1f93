/** What transcoders are trained on: texts as token ids, from the demo corpus, from files, from a topic of prompts. */
@NullMarked
package io.circuitstream.training.documents;

import org.jspecify.annotations.NullMarked;
