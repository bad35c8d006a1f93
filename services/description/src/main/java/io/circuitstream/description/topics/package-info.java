/** The features and labels topics as clients use them. */
@NullMarked
package io.circuitstream.description.topics;

import org.jspecify.annotations.NullMarked;
