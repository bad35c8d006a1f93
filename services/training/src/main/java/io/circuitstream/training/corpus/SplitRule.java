package io.circuitstream.training.corpus;

import java.util.Set;

/** Assigns a key to a split by a hash of its characters: stable over runs, machines and the order of generation. */
public final class SplitRule {
    private static final int TEST_PER_MILLE = 120;
    private static final int DEVELOPMENT_PER_MILLE = 100;
    /** Changed whenever the corpus was changed after looking at test figures: what was looked at is no test any more. */
    private static final int SALT = 0xDAA66D2B;

    private final Set<String> testKeys;

    /** @param testKeys keys that are in the test split whatever their hash */
    SplitRule(Set<String> testKeys) {
        this.testKeys = testKeys;
    }

    Split of(Example example) {
        if (example.key().isEmpty()) {
            return Split.TRAIN;
        }
        if (testKeys.contains(example.key())) {
            return Split.TEST;
        }
        int bucket = Math.floorMod(mix(example.key().hashCode() + SALT), 1000);
        if (bucket < TEST_PER_MILLE) {
            return Split.TEST;
        }
        return bucket < TEST_PER_MILLE + DEVELOPMENT_PER_MILLE ? Split.DEVELOPMENT : Split.TRAIN;
    }

    /**
     * The split of a text that is not of the demo corpus: 80, 10 and 10 of 100. Without the salt, which follows what was
     * looked at of the demo corpus.
     */
    public static Split ofText(String text) {
        int bucket = Math.floorMod(mix(text.hashCode()), 10);
        return switch (bucket) {
            case 0 -> Split.TEST;
            case 1 -> Split.DEVELOPMENT;
            default -> Split.TRAIN;
        };
    }

    /** The finaliser of MurmurHash3: similar keys must not share a bucket. */
    private static int mix(int hash) {
        int h = hash;
        h = (h ^ (h >>> 16)) * 0x85EBCA6B;
        h = (h ^ (h >>> 13)) * 0xC2B2AE35;
        return h ^ (h >>> 16);
    }
}
