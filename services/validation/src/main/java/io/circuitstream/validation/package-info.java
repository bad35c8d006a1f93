/** Tests what every circuit claims. */
@NullMarked
package io.circuitstream.validation;

import org.jspecify.annotations.NullMarked;
