/** What happens, to every browser that watches, without one that is stuck holding up the others. */
@NullMarked
package io.circuitstream.dashboard.live;

import org.jspecify.annotations.NullMarked;
