package io.circuitstream.description.state;

import io.circuitstream.description.packed.PackedReader;
import io.circuitstream.description.packed.PackedWriter;
import io.circuitstream.description.shares.PromptShare;

/**
 * What is counted of one feature over all prompts; a prompt that comes twice counts twice. Everything is a sum, a minimum or a
 * maximum. Not thread-safe.
 */
public final class FeatureCounts {
    /** Most different peak tokens that are counted. */
    public static final int PEAK_TOKENS = 64;

    private static final int BIN_SHIFT = 20;
    private static final int SINGLE_POSITIONS = 64;
    private static final int SINGLE_POSITION_BITS = 6;
    private static final int VERSION = 1;

    private long prompts;
    private long tokens;
    private float min = Float.POSITIVE_INFINITY;
    private float max = Float.NEGATIVE_INFINITY;
    private CountMap histogram = new CountMap(Integer.MAX_VALUE);
    private CountMap peaks = new CountMap(PEAK_TOKENS);
    private CountMap positions = new CountMap(Integer.MAX_VALUE);
    private Contexts.Gate gate = Contexts.Gate.OPEN;

    /** Counts the entries {@code from} (inclusive) to {@code to} of a share, this feature's, one at least; yields the largest. */
    float add(PromptShare share, int from, int to) {
        int peak = from;
        for (int i = from; i < to; i++) {
            float a = share.activation()[i];
            min = Math.min(min, a);
            max = Math.max(max, a);
            histogram.add(bin(a), 1);
            positions.add(positionBin(share.position()[i]), 1);
            if (a > share.activation()[peak]) {
                peak = i;
            }
        }
        peaks.add(share.tokens()[share.position()[peak]], 1);
        prompts++;
        tokens += to - from;
        return share.activation()[peak];
    }

    /** Eight to an octave; activations below 2^-100, also negative ones of TopK, count as the lowest. */
    static int bin(float activation) {
        return Float.floatToRawIntBits(Math.max(activation, 0x1p-100f)) >> BIN_SHIFT;
    }

    /** Smallest activation of a bin. */
    public static float binStart(int bin) {
        return Float.intBitsToFloat(bin << BIN_SHIFT);
    }

    static int positionBin(int position) {
        return position < SINGLE_POSITIONS
                ? position
                : SINGLE_POSITIONS + 31 - Integer.numberOfLeadingZeros(position) - SINGLE_POSITION_BITS;
    }

    /** First position of a range. */
    public static int positionStart(int bin) {
        return bin < SINGLE_POSITIONS ? bin : SINGLE_POSITIONS << (bin - SINGLE_POSITIONS);
    }

    /** Prompts in which the feature was active. */
    public long prompts() {
        return prompts;
    }

    /** Tokens at which it was. */
    public long tokens() {
        return tokens;
    }

    public float min() {
        return min;
    }

    public float max() {
        return max;
    }

    /** Activations by {@link #binStart bin}. */
    public CountMap histogram() {
        return histogram;
    }

    /** Prompts by the token at which the feature was most active, the first one when several are. */
    public CountMap peaks() {
        return peaks;
    }

    /** Active tokens by {@link #positionStart range of positions}. */
    public CountMap positions() {
        return positions;
    }

    Contexts.Gate gate() {
        return gate;
    }

    void setGate(Contexts.Gate gate) {
        this.gate = gate;
    }

    byte[] toBytes() {
        PackedWriter out = new PackedWriter(64 + 3 * (histogram.size() + peaks.size() + positions.size()))
                .count(VERSION)
                .count(prompts)
                .count(tokens)
                .real(min)
                .real(max)
                .real(gate.floor())
                .word(gate.ceiling());
        histogram.write(out);
        peaks.write(out);
        positions.write(out);
        return out.toBytes();
    }

    static FeatureCounts of(byte[] bytes) {
        PackedReader in = new PackedReader(bytes);
        int version = in.small();
        if (version != VERSION) {
            throw new IllegalStateException("counts of version " + version + ", this service knows " + VERSION);
        }
        FeatureCounts counts = new FeatureCounts();
        counts.prompts = in.count();
        counts.tokens = in.count();
        counts.min = in.real();
        counts.max = in.real();
        counts.gate = new Contexts.Gate(in.real(), in.word());
        counts.histogram = CountMap.read(in, Integer.MAX_VALUE);
        counts.peaks = CountMap.read(in, PEAK_TOKENS);
        counts.positions = CountMap.read(in, Integer.MAX_VALUE);
        return counts;
    }
}
