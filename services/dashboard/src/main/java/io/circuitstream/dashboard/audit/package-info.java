/** What the audit found, signed and summed up. */
@NullMarked
package io.circuitstream.dashboard.audit;

import org.jspecify.annotations.NullMarked;
