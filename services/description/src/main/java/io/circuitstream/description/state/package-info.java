/** What is kept of each feature. Merging is commutative: no state depends on the order of prompts or on restarts. */
@NullMarked
package io.circuitstream.description.state;

import org.jspecify.annotations.NullMarked;
