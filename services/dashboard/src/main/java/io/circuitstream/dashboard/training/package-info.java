/** Training runs as they report themselves. */
@NullMarked
package io.circuitstream.dashboard.training;

import org.jspecify.annotations.NullMarked;
