/** Findings as hash chains with signed checkpoints: how they are written, and how anyone finds that they were changed. */
@NullMarked
package io.circuitstream.audit.chain;

import org.jspecify.annotations.NullMarked;
