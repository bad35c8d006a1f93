/** Events as JSON and back, by their schemas. */
@NullMarked
package io.circuitstream.dashboard.json;

import org.jspecify.annotations.NullMarked;
