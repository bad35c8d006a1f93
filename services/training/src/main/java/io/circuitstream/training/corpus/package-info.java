/** The seeded corpus of the ten tasks and of copying: word lists, prompts, splits, token ids, packed batches. */
@NullMarked
package io.circuitstream.training.corpus;

import org.jspecify.annotations.NullMarked;
