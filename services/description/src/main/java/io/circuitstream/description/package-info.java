/** What every feature is about: where it is active, what it promotes, what to call it, kept up to date as prompts pass. */
@NullMarked
package io.circuitstream.description;

import org.jspecify.annotations.NullMarked;
