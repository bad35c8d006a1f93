/** The records that a service could not process: to list, look at, and send again. */
@NullMarked
package io.circuitstream.platform.deadletters;

import org.jspecify.annotations.NullMarked;
