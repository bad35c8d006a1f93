/** Who may call, as what, and whose prompts they may see. Knows nothing of HTTP but the text of one header. */
@NullMarked
package io.circuitstream.dashboard.access;

import org.jspecify.annotations.NullMarked;
