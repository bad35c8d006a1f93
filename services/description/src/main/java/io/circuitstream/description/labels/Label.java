package io.circuitstream.description.labels;

import io.circuitstream.events.LabelEvidence;
import org.jspecify.annotations.Nullable;

/**
 * A rule in words with how well it does on prompts that it was not found on.
 *
 * @param text empty when UNLABELLED
 * @param score balanced accuracy, (recall + 1 − falsePositiveRate) / 2; null when too few held-out tokens are active
 * @param active held-out tokens at which the feature is active
 * @param inactive held-out tokens at which it is not
 */
public record Label(
        String text,
        LabelEvidence evidence,
        @Nullable Double score,
        double recall,
        double falsePositiveRate,
        int active,
        int inactive) {}
