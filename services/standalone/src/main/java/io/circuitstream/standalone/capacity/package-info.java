/** How many partitions, threads and bytes a load of prompts needs, from what prompts cost on this machine. */
@NullMarked
package io.circuitstream.standalone.capacity;

import org.jspecify.annotations.NullMarked;
