/** Tests of helm/. */
@NullMarked
package io.circuitstream.packaging.helm;

import org.jspecify.annotations.NullMarked;
