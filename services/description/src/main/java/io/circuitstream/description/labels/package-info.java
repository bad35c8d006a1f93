/** Automatic labels: conditions on tokens and positions that say where a feature is active, and how well they do so. */
@NullMarked
package io.circuitstream.description.labels;

import org.jspecify.annotations.NullMarked;
