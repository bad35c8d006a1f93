package io.circuitstream.training.evaluation;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a report's figures came from. Holds no time of day: the same inputs give the same bytes.
 *
 * @param codeVersion of the code that measured
 * @param split of the documents
 * @param promptsPerGroup most documents of a group
 * @param graphsPerGroup most attribution graphs of a group
 * @param seed of the transcoders' training
 * @param scans content hash of each transcoder by the name of its point
 */
public record EvaluationProvenance(
        String codeVersion,
        String split,
        int promptsPerGroup,
        int graphsPerGroup,
        long seed,
        SortedMap<String, String> scans) {

    public EvaluationProvenance {
        scans = Collections.unmodifiableSortedMap(new TreeMap<>(scans));
    }

    public EvaluationProvenance(
            String codeVersion,
            String split,
            int promptsPerGroup,
            int graphsPerGroup,
            long seed,
            Map<String, String> scans) {
        this(codeVersion, split, promptsPerGroup, graphsPerGroup, seed, new TreeMap<>(scans));
    }
}
