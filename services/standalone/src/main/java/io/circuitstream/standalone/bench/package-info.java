/** How fast the work is, beside what the machine could do at most, measured in the same run. */
@NullMarked
package io.circuitstream.standalone.bench;

import org.jspecify.annotations.NullMarked;
