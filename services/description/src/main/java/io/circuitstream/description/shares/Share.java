package io.circuitstream.description.shares;

/** What the repartition topic carries to the instance that owns a part of the features. */
public sealed interface Share permits PromptShare, LabelShare {}
