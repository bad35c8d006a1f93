/** How well transcoders stand in for a model's MLPs: measured on documents, compared at equal sparsity, reported. */
@NullMarked
package io.circuitstream.training.evaluation;

import org.jspecify.annotations.NullMarked;
