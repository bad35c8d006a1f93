/** Rules against events: what each one yields, and which prompts wait for a result. */
@NullMarked
package io.circuitstream.audit.detection;

import org.jspecify.annotations.NullMarked;
