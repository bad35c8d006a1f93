package io.circuitstream.circuits.truth;

import java.util.ArrayList;
import java.util.List;

/**
 * An attention head: where a query's variable and a key's are both 1, the key is attended to, else the first position; what
 * is attended to has its variables moved to others of the query's.
 */
final class Head {
    /** Of a match; that of the first position is half of it, so that e⁻¹² is left for everything else. */
    private static final double SCORE = 24;

    /**
     * One dimension of queries and keys.
     *
     * @param query a variable; empty for a constant
     */
    record Match(String query, String key, double score) {}

    /** One dimension of values. */
    record Move(String from, String to) {}

    private final int layer;
    private final List<Match> matches = new ArrayList<>();
    private final List<Move> moves = new ArrayList<>();

    Head(int layer) {
        this.layer = layer;
        matches.add(new Match("", Wiring.BOS, SCORE / 2));
    }

    Head match(String query, String key) {
        matches.add(new Match(query, key, SCORE));
        return this;
    }

    Head move(String from, String to) {
        moves.add(new Move(from, to));
        return this;
    }

    int layer() {
        return layer;
    }

    List<Match> matches() {
        return matches;
    }

    List<Move> moves() {
        return moves;
    }

    /** How wide a head must be. */
    int width() {
        return Math.max(matches.size(), moves.size());
    }
}
