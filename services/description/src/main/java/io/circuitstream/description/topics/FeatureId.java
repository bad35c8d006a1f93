package io.circuitstream.description.topics;

import io.circuitstream.events.LabelSource;
import java.util.Locale;

/** A feature as the keys of the topics write it. */
public record FeatureId(String scan, int layer, int feature) {

    /** Key of the features topic. */
    public String key() {
        return scan + "/" + layer + "/" + feature;
    }

    /** Key of the labels topic. */
    public String labelKey(LabelSource source) {
        return key() + "/" + source.name().toLowerCase(Locale.ROOT);
    }

    /** The feature of a key of either topic. @throws IllegalArgumentException for a text that is none */
    public static FeatureId of(String key) {
        String[] parts = key.split("/", -1);
        if (parts.length < 3) {
            throw new IllegalArgumentException("'" + key + "' is not scan/layer/feature");
        }
        return new FeatureId(parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }
}
