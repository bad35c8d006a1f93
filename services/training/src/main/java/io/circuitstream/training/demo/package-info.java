/** What ships in {@code models/tiny-ten}: model, transcoder, task files, samples, cards, from one command. */
@NullMarked
package io.circuitstream.training.demo;

import org.jspecify.annotations.NullMarked;
