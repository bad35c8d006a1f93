/** Talking to a deployment over its topics, as any client could. */
@NullMarked
package io.circuitstream.standalone.client;

import org.jspecify.annotations.NullMarked;
