package io.circuitstream.dashboard.audit;

import org.jspecify.annotations.Nullable;

/**
 * The chain of findings of one partition, as far as it was read. Says where it breaks first; what happened there, and whether signatures
 * are true, is what {@code verify-audit} is for: this knows no key.
 *
 * @param findings that were read
 * @param sequence of the last one; 0 when there is none
 * @param hash of the last one, in hex; zeros when there is none
 * @param broken the first place that does not fit; null while all do
 * @param checkpoint the newest that was read; null before the first
 * @param signed what the chain has where the checkpoint says how far it reached
 */
public record Chain(
        int partition,
        long findings,
        long sequence,
        String hash,
        @Nullable Break broken,
        @Nullable Checkpoint checkpoint,
        Signed signed) {
    private static final String START = "00".repeat(32);

    /**
     * A place that does not fit.
     *
     * @param offset of the record on the topic of findings; −1 when a checkpoint does not fit
     */
    public record Break(long offset, long sequence, String why) {}

    /**
     * A signed statement of how far the chain reached.
     *
     * @param time by the signer's clock, milliseconds since 1970
     * @param key SHA-256 of the signer's public key, in hex
     */
    public record Checkpoint(long number, long sequence, String hash, long time, String key) {}

    /** UNREAD: the finding was not read yet, or was cut off. UNKNOWN: no checkpoint yet, or its place was forgotten. */
    public enum Signed {
        UNKNOWN,
        UNREAD,
        SAME,
        OTHER
    }

    static Chain empty(int partition) {
        return new Chain(partition, 0, 0, START, null, null, Signed.UNKNOWN);
    }

    /** With the next finding. After a break the chain goes on from what came. */
    Chain with(Link link) {
        Chain longer = new Chain(partition, findings + 1, link.sequence(), link.hash(), broken, checkpoint, signed);
        String why = misfit(link);
        if (why != null) {
            longer = longer.broken(new Break(link.offset(), link.sequence(), why));
        }
        boolean awaited = checkpoint != null && signed == Signed.UNREAD && checkpoint.sequence() == link.sequence();
        return awaited ? longer.compared(link.hash()) : longer;
    }

    private @Nullable String misfit(Link link) {
        long expected = sequence + 1;
        if (!link.computed().equals(link.hash())) {
            return "its hash is not that of its content";
        } else if (link.partition() != partition) {
            return "it is of the chain of partition " + link.partition();
        } else if (link.sequence() > expected) {
            return "findings " + expected + " to " + (link.sequence() - 1) + " are missing before it";
        } else if (link.sequence() < expected) {
            return "finding " + sequence + " came before it";
        }
        return link.previous().equals(hash) ? null : "it was linked to another finding than the one before it";
    }

    /** With a record among the findings that is none. */
    Chain withForeign(long offset) {
        return broken(new Break(offset, sequence + 1, "this record is no finding"));
    }

    /**
     * With the next checkpoint.
     *
     * @param there hash of the finding that it names, in hex; null when that was not read or is forgotten
     */
    Chain with(Checkpoint next, @Nullable String there) {
        long expected = checkpoint == null ? 1 : checkpoint.number() + 1;
        Chain signed = new Chain(
                partition,
                findings,
                sequence,
                hash,
                broken,
                next,
                next.sequence() > sequence ? Signed.UNREAD : Signed.UNKNOWN);
        if (next.number() != expected) {
            signed = signed.broken(new Break(
                    -1, next.sequence(), "checkpoint " + next.number() + " came where " + expected + " belongs"));
        }
        String known = next.sequence() == 0 ? START : there;
        return signed.signed == Signed.UNKNOWN && known != null ? signed.compared(known) : signed;
    }

    private Chain compared(String there) {
        boolean same = checkpoint.hash().equals(there);
        Chain compared =
                new Chain(partition, findings, sequence, hash, broken, checkpoint, same ? Signed.SAME : Signed.OTHER);
        return same
                ? compared
                : compared.broken(new Break(
                        -1,
                        checkpoint.sequence(),
                        "checkpoint " + checkpoint.number() + " is of another finding than the one at its place"));
    }

    private Chain broken(Break place) {
        return broken != null ? this : new Chain(partition, findings, sequence, hash, place, checkpoint, signed);
    }
}
