/** The tasks' causal hypotheses, tested by replacing features in the model. */
@NullMarked
package io.circuitstream.training.hypotheses;

import org.jspecify.annotations.NullMarked;
