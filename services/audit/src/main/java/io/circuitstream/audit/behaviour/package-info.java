/** What circuits do over time: one summary for each window of event time, drift between windows, a vector for each circuit. */
@NullMarked
package io.circuitstream.audit.behaviour;

import org.jspecify.annotations.NullMarked;
