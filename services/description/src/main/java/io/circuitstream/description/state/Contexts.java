package io.circuitstream.description.state;

import io.circuitstream.description.packed.PackedReader;
import io.circuitstream.description.packed.PackedWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The prompts that are kept of one feature: those with the highest activations, and a uniform sample (those with the smallest
 * hash). Each prompt counts once, however often it comes; where it came with different activations, the highest count. Not
 * thread-safe.
 */
public final class Contexts {
    static final int TOP = 16;
    static final int SAMPLE = 64;
    private static final int BYTES_EACH = 80;
    private static final int HEAD_BYTES = Long.BYTES + Float.BYTES + Integer.BYTES;

    private final List<Context> top = new ArrayList<>();
    private final List<Context> sample = new ArrayList<>();

    /**
     * Tells without the contexts that one of them is surely not kept.
     *
     * @param floor below this an activation is not among the highest
     * @param ceiling above this, unsigned, a hash is not in the sample
     */
    record Gate(float floor, long ceiling) {
        static final Gate OPEN = new Gate(Float.NEGATIVE_INFINITY, -1L);

        boolean admits(float peak, long prompt) {
            return peak >= floor || Long.compareUnsigned(prompt, ceiling) <= 0;
        }
    }

    Gate gate() {
        return new Gate(
                top.size() < TOP ? Gate.OPEN.floor() : top.get(TOP - 1).peak(),
                sample.size() < SAMPLE
                        ? Gate.OPEN.ceiling()
                        : sample.get(SAMPLE - 1).prompt());
    }

    /** Whether anything changed. */
    boolean offer(Context context) {
        boolean topChanged = offer(top, TOP, Context.BY_PEAK, context);
        boolean sampleChanged = offer(sample, SAMPLE, Context.BY_HASH, context);
        return topChanged || sampleChanged;
    }

    private static boolean offer(List<Context> kept, int most, Comparator<Context> order, Context offered) {
        for (int i = 0; i < kept.size(); i++) {
            if (kept.get(i).prompt() == offered.prompt()) {
                if (Context.BY_PEAK.compare(offered, kept.get(i)) >= 0) {
                    return false;
                }
                kept.remove(i);
                break;
            }
        }
        if (kept.size() == most && order.compare(offered, kept.get(most - 1)) > 0) {
            return false;
        }
        int at = 0;
        while (at < kept.size() && order.compare(kept.get(at), offered) < 0) {
            at++;
        }
        kept.add(at, offered);
        if (kept.size() > most) {
            kept.remove(most);
        }
        return true;
    }

    /** Most active first, at most 16. */
    public List<Context> top() {
        return top;
    }

    /** Smallest hash first, at most 64. */
    public List<Context> sample() {
        return sample;
    }

    /** Heads of both lists (prompt, peak and a checksum of the body), then the bodies. */
    byte[] toBytes() {
        PackedWriter out = new PackedWriter(BYTES_EACH * (top.size() + sample.size()))
                .half(top.size())
                .half(sample.size());
        top.forEach(context -> head(out, context));
        sample.forEach(context -> head(out, context));
        top.forEach(context -> out.count(context.body().length).raw(context.body()));
        sample.forEach(context -> out.count(context.body().length).raw(context.body()));
        return out.toBytes();
    }

    private static void head(PackedWriter out, Context context) {
        out.word(context.prompt()).real(context.peak()).half(Arrays.hashCode(context.body()));
    }

    /** Whether the context would change nothing, told by the heads alone: most often its prompt came before. */
    static boolean holds(byte[] bytes, Gate gate, Context context) {
        ByteBuffer heads = ByteBuffer.wrap(bytes);
        int topSize = heads.getInt(0);
        int sampleSize = heads.getInt(Integer.BYTES);
        boolean topStays = context.peak() < gate.floor() || has(heads, 0, topSize, context);
        return topStays
                && (Long.compareUnsigned(context.prompt(), gate.ceiling()) > 0
                        || has(heads, topSize, topSize + sampleSize, context));
    }

    private static boolean has(ByteBuffer heads, int from, int to, Context context) {
        for (int i = from; i < to; i++) {
            int at = 2 * Integer.BYTES + i * HEAD_BYTES;
            if (heads.getLong(at) == context.prompt()) {
                return heads.getFloat(at + Long.BYTES) == context.peak()
                        && heads.getInt(at + Long.BYTES + Float.BYTES) == Arrays.hashCode(context.body());
            }
        }
        return false;
    }

    static Contexts of(byte[] bytes) {
        PackedReader in = new PackedReader(bytes);
        Contexts contexts = new Contexts();
        int top = in.half();
        int sample = in.half();
        long[] prompts = new long[top + sample];
        float[] peaks = new float[top + sample];
        for (int i = 0; i < prompts.length; i++) {
            prompts[i] = in.word();
            peaks[i] = in.real();
            in.half();
        }
        for (int i = 0; i < prompts.length; i++) {
            (i < top ? contexts.top : contexts.sample).add(new Context(prompts[i], peaks[i], in.raw(in.small())));
        }
        return contexts;
    }
}
