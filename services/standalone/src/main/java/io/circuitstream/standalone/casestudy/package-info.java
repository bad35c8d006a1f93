/** A page for each of the ten tasks: what its circuit says and what came of testing it. */
@NullMarked
package io.circuitstream.standalone.casestudy;

import org.jspecify.annotations.NullMarked;
