package io.circuitstream.circuits.picture;

/** What features are called. */
@FunctionalInterface
public interface FeatureLabels {
    /** No feature has a label. */
    FeatureLabels NONE = (layer, feature) -> "";

    /** Empty when the feature has none. */
    String of(int layer, int feature);
}
