/** From the topics into the store, each record exactly once. */
@NullMarked
package io.circuitstream.dashboard.reading;

import org.jspecify.annotations.NullMarked;
