/** The live view of a deployment: what its topics say, over HTTP. */
@NullMarked
package io.circuitstream.dashboard;

import org.jspecify.annotations.NullMarked;
