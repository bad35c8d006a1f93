/** What the audit looks for: rules, the file that they are written in, and its changes while the service runs. */
@NullMarked
package io.circuitstream.audit.rules;

import org.jspecify.annotations.NullMarked;
