/** The topics of a deployment: what they should be, what they are, and making them so. */
@NullMarked
package io.circuitstream.platform.topics;

import org.jspecify.annotations.NullMarked;
