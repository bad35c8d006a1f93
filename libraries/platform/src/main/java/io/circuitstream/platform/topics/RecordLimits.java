package io.circuitstream.platform.topics;

/** Sizes that topics, producers and the size check agree on. */
public final class RecordLimits {

    /** {@code max.message.bytes} of the topics and {@code max.request.size} of the producers: 17 MiB. */
    public static final int MAX_RECORD_BYTES = 17 * 1024 * 1024;

    /** The largest value of a result; the rest is for key, headers and batch overhead. */
    public static final int MAX_VALUE_BYTES = 16 * 1024 * 1024;

    private RecordLimits() {}

    /** What a person is told about a result that is larger. */
    public static String tooLarge(int bytes) {
        return ("the result has %,d bytes, more than the %,d that a record may have: use a shorter prompt, an"
                        + " attribution.maxFeatures, or lower pruning thresholds")
                .formatted(bytes, MAX_VALUE_BYTES);
    }
}
