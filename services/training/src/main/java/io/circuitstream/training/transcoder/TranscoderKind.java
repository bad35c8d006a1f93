package io.circuitstream.training.transcoder;

import java.util.Locale;

/** Which layers a feature writes to, and whose decoders it uses. */
public enum TranscoderKind {
    /** A feature writes to its own and all later layers, with a decoder of its own for each. */
    CLT,
    /** A feature writes to its own layer. */
    PLT,
    /**
     * A feature writes to its own and all later layers, but features of one index share a decoder for each layer written:
     * {@code m̂_l = (Σ_{s≤l} a_s) W_dec_l}. As many weights as a per-layer transcoder.
     */
    INCREMENTAL;

    /** The name on the command line, in events and in evaluations. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Number of layers that features of a layer write to. */
    int span(int layers, int source) {
        return this == PLT ? 1 : layers - source;
    }
}
