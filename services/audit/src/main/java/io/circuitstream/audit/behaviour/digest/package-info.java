/** What is kept of one circuit or validation report until its window closes, and its bytes. */
@NullMarked
package io.circuitstream.audit.behaviour.digest;

import org.jspecify.annotations.NullMarked;
