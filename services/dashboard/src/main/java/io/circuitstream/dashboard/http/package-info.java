/** The server: routes, who may call them, and what is answered when something is wrong. */
@NullMarked
package io.circuitstream.dashboard.http;

import org.jspecify.annotations.NullMarked;
