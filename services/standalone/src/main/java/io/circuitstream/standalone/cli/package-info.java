/** The command line (see the README for its contract). */
@NullMarked
package io.circuitstream.standalone.cli;

import org.jspecify.annotations.NullMarked;
