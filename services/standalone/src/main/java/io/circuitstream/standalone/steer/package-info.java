/** Steering a prompt in this process or in a deployment, and showing what came of it. */
@NullMarked
package io.circuitstream.standalone.steer;

import org.jspecify.annotations.NullMarked;
