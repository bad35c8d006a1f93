package io.circuitstream.audit.chain;

/**
 * The first bad place of one partition of one topic.
 *
 * @param offset of the record; of something that is missing, the offset that the search for it ended at; −1 in an empty partition
 * @param sequence of the finding, or number of the checkpoint, that is bad or missing
 * @param detail for a person
 */
public record Problem(String topic, int partition, long offset, long sequence, What what, String detail) {

    /** What happened to the place. */
    public enum What {
        ALTERED,
        REMOVED,
        INSERTED,
        REORDERED,
        /** Findings that a checkpoint vouches for are not there any more. */
        CUT_OFF,
        FOREIGN_KEY,
        BAD_SIGNATURE,
        /** No checkpoint at all, or none for too long: the end may be cut off together with its checkpoints. */
        UNSIGNED
    }
}
