package io.circuitstream.platform.topics;

/** Sizes that topics, producers and the size check agree on. */
public final class RecordLimits {

    /** {@code max.message.bytes} of the topics and {@code max.request.size} of the producers: 17 MiB. */
    public static final int MAX_RECORD_BYTES = 17 * 1024 * 1024;

    /** The largest value of a result; the rest is for key, headers and batch overhead. */
    public static final int MAX_VALUE_BYTES = 16 * 1024 * 1024;

    private RecordLimits() {}
}
