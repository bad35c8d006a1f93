/** Settings from flags, environment and file, checked and printed before anything starts. */
@NullMarked
package io.circuitstream.platform.settings;

import org.jspecify.annotations.NullMarked;
