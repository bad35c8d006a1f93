/** Graph JSON made elsewhere: read and checked, pruned further, written in either dialect of ids. */
@NullMarked
package io.circuitstream.circuits.graphfile;

import org.jspecify.annotations.NullMarked;
