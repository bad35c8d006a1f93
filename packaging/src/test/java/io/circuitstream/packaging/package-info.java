/** Tests of docker/ and helm/ against the services as they are built. */
@NullMarked
package io.circuitstream.packaging;

import org.jspecify.annotations.NullMarked;
