/** Feature files as the field's front ends read them. */
@NullMarked
package io.circuitstream.description.files;

import org.jspecify.annotations.NullMarked;
