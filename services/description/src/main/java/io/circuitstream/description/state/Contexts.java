package io.circuitstream.description.state;

import io.circuitstream.description.packed.PackedReader;
import io.circuitstream.description.packed.PackedWriter;
import java.util.ArrayList;
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
        return offer(top, TOP, Context.BY_PEAK, context) | offer(sample, SAMPLE, Context.BY_HASH, context);
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

    byte[] toBytes() {
        PackedWriter out = new PackedWriter(BYTES_EACH * (top.size() + sample.size()));
        write(out, top);
        write(out, sample);
        return out.toBytes();
    }

    private static void write(PackedWriter out, List<Context> contexts) {
        out.count(contexts.size());
        for (Context context : contexts) {
            out.word(context.prompt())
                    .real(context.peak())
                    .count(context.body().length)
                    .raw(context.body());
        }
    }

    static Contexts of(byte[] bytes) {
        PackedReader in = new PackedReader(bytes);
        Contexts contexts = new Contexts();
        read(in, contexts.top);
        read(in, contexts.sample);
        return contexts;
    }

    private static void read(PackedReader in, List<Context> contexts) {
        int n = in.small();
        for (int i = 0; i < n; i++) {
            contexts.add(new Context(in.word(), in.real(), in.raw(in.small())));
        }
    }
}
