/** Whether two windows differ by more than chance. */
@NullMarked
package io.circuitstream.audit.behaviour.drift;

import org.jspecify.annotations.NullMarked;
