/** Features as the circuits and descriptions show them. */
@NullMarked
package io.circuitstream.dashboard.features;

import org.jspecify.annotations.NullMarked;
