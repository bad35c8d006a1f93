package io.circuitstream.audit.behaviour.window;

/**
 * When windows begin, end and close, in milliseconds.
 *
 * @param size of each; they begin at multiples of it
 * @param grace event time to wait after a window's end
 * @param quiet wall-clock time without records after which the reader of a source says that it is quiet
 */
public record WindowTimes(long size, long grace, long quiet) {

    long start(long timestamp) {
        return Math.floorDiv(timestamp, size) * size;
    }
}
