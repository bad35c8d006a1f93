package io.circuitstream.dashboard.features;

import io.circuitstream.dashboard.store.Key;

/** A feature, everywhere. */
public record FeatureKey(String scan, int layer, int feature) {
    private static final char DESCRIPTION = 'D';
    private static final char ROW = 'f';
    private static final char USE = 'x';

    /** Where its description is. */
    byte[] description() {
        return key(DESCRIPTION).end();
    }

    byte[] row() {
        return key(ROW).end();
    }

    /** Where the circuits are that it is in. */
    byte[] uses() {
        return key(USE).end();
    }

    /** Newest first. */
    byte[] use(long at, String promptId) {
        return key(USE).descending(at).end(promptId);
    }

    private Key key(char kind) {
        return Key.of(kind).text(scan).number(layer).number(feature);
    }

    /** Before every row. */
    static byte[] rows() {
        return Key.of(ROW).end();
    }

    /** Its place among the features of its scan. */
    long place() {
        return ((long) layer << Integer.SIZE) | feature;
    }
}
