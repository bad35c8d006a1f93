/** What an event was computed with. */
@NullMarked
package io.circuitstream.platform.provenance;

import org.jspecify.annotations.NullMarked;
