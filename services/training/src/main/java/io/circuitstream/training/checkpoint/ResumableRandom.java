package io.circuitstream.training.checkpoint;

import java.util.Random;

/**
 * Draws what {@link Random} draws from the same seed, by the algorithm its documentation fixes, with a state that can be kept
 * and taken up again. Not thread-safe. {@link #nextGaussian} draws two numbers and remembers one outside of the state: a
 * source that is saved must not be asked for it.
 */
public final class ResumableRandom extends Random {
    private static final long serialVersionUID = 1L;
    private static final long MULTIPLIER = 0x5DEECE66DL;
    private static final long INCREMENT = 0xBL;
    private static final int BITS = 48;
    private static final long MASK = (1L << BITS) - 1;

    /** Without an initial value: the constructor of the superclass has already set it. */
    private long state;

    public ResumableRandom(long seed) {
        super(seed);
    }

    @Override
    public synchronized void setSeed(long seed) {
        super.setSeed(seed);
        state = (seed ^ MULTIPLIER) & MASK;
    }

    @Override
    protected int next(int bits) {
        state = (state * MULTIPLIER + INCREMENT) & MASK;
        return (int) (state >>> (BITS - bits));
    }

    public long state() {
        return state;
    }

    /** Goes on with what another source was about to draw. */
    public void restore(long otherState) {
        state = otherState & MASK;
    }
}
