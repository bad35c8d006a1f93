/** The vocabulary of the log. */
@NullMarked
package io.circuitstream.platform.logging;

import org.jspecify.annotations.NullMarked;
