package io.circuitstream.audit.detection;

/** What features are called. */
@FunctionalInterface
interface Labels {

    /** The label of a feature; empty when it has none. */
    String of(String scan, int layer, int feature);
}
