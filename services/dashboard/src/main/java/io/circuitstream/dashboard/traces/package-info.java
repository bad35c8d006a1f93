/** What is known of one prompt, folded from its events. */
@NullMarked
package io.circuitstream.dashboard.traces;

import org.jspecify.annotations.NullMarked;
