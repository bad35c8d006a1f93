/** Windows of event time: when they close, and what they held. */
@NullMarked
package io.circuitstream.audit.behaviour.window;

import org.jspecify.annotations.NullMarked;
