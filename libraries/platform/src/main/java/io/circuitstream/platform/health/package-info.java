/** What an orchestrator asks a service: is it alive, may it get work, what does it count. */
@NullMarked
package io.circuitstream.platform.health;

import org.jspecify.annotations.NullMarked;
