/** The read side on disk: one ordered map of bytes, changed in atomic steps. */
@NullMarked
package io.circuitstream.dashboard.store;

import org.jspecify.annotations.NullMarked;
