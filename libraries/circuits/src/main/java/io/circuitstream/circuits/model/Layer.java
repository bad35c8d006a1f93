package io.circuitstream.circuits.model;

import org.jspecify.annotations.Nullable;

/**
 * One layer: attention and MLP, each behind a norm, each added to the residual stream. Thread-safe.
 *
 * @param attentionPostNorm of what attention yields, before it is added; null for none
 * @param mlpPostNorm of what the MLP yields, before it is added; null for none
 */
public record Layer(
        Norm attentionNorm,
        Attention attention,
        @Nullable Norm attentionPostNorm,
        Norm mlpNorm,
        Mlp mlp,
        @Nullable Norm mlpPostNorm) {}
