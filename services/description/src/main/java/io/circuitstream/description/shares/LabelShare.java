package io.circuitstream.description.shares;

import io.circuitstream.events.LabelSource;

/**
 * A label that somebody gave a feature.
 *
 * @param source PERSON or LANGUAGE_MODEL
 * @param text empty when the label was taken back
 * @param time in milliseconds since 1970
 */
public record LabelShare(int layer, int feature, LabelSource source, String text, String author, long time)
        implements Share {}
