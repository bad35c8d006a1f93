/** Tests of docker/. */
@NullMarked
package io.circuitstream.packaging.docker;

import org.jspecify.annotations.NullMarked;
