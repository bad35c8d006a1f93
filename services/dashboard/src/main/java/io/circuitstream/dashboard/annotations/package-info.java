/** What people have pinned, grouped and named on circuits. */
@NullMarked
package io.circuitstream.dashboard.annotations;

import org.jspecify.annotations.NullMarked;
