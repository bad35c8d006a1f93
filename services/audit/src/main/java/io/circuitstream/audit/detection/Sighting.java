package io.circuitstream.audit.detection;

import io.circuitstream.audit.rules.Rule.Stage;
import org.jspecify.annotations.Nullable;

/**
 * A prompt, or a result of a stage for it, was read.
 *
 * @param stage null for the prompt itself
 * @param tenant of the prompt
 */
record Sighting(@Nullable Stage stage, String tenant, Origin origin) {}
