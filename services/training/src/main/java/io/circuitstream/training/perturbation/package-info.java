/** How well predictions of interventions agree with what the model does: the paper's perturbation experiment. */
@NullMarked
package io.circuitstream.training.perturbation;

import org.jspecify.annotations.NullMarked;
