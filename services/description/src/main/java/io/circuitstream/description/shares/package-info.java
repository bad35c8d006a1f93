/** Events split by feature: each instance of the service works on some of the features of every prompt. */
@NullMarked
package io.circuitstream.description.shares;

import org.jspecify.annotations.NullMarked;
